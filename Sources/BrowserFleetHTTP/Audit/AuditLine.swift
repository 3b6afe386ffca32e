// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Logging

/// One line of the audit log: who did what to which browser, from where, and how it ended.
///
/// The names of its fields are stable: `audit` (the action), `outcome` (`ok` or the word of a
/// problem or close reason), `key` (the key's name), `owner` (its ID), `browserId`, `server`, `address`,
/// `route`, `status`, `requestId`, `durationMs`. A key's text is never known here.
struct AuditLine: Hashable, Sendable {
    /// What was done or tried.
    enum Action: String, Hashable, Sendable, CaseIterable {
        /// A browser was asked for.
        case create
        /// A browser was to be ended.
        case delete
        /// A further URL of a browser was asked for.
        case token
        /// A socket was to be opened.
        case connect
        /// A socket has gone.
        case disconnect
        /// What is known of the fleet's servers was to be changed.
        case registry
        /// Anything else, said only when it was refused.
        case call
    }

    /// The answers that make a line of any call: who is it, may they, is it ours, too much.
    static let refusals: Set<Int> = [401, 403, 421, 429]

    var action: Action
    var outcome = "ok"
    var caller: Caller?
    var browser: BrowserID?
    var server: ServerName?
    var address: String?
    var route: String?
    var status: Int?
    var requestID: String?
    var durationMs: Int64?

    init(_ action: Action) { self.action = action }

    /// The line of an answered call; `nil` for calls that leave none.
    init?(_ notes: RequestNotes.Content, status: Int, requestID: String) {
        let action = notes.action ?? .call
        guard action != .call || Self.refusals.contains(status) else { return nil }
        self.init(action)
        outcome = notes.problem?.rawValue ?? "ok"
        caller = notes.caller
        browser = notes.browser
        server = notes.server
        address = notes.address
        route = notes.route
        self.status = status
        self.requestID = requestID
    }

    /// Writes the line, with its ``fields``.
    func write(_ fields: [String: String], to logger: Logger) {
        logger.notice("\(sentence)", metadata: fields.mapValues { "\($0)" })
    }

    /// The line with its ``fields`` as an entry of the fleet's audit: its action is such as
    /// `browser.create`, `registry.call` or `call.refused`; its subject the browser or server, or
    /// else the route.
    func entry(_ fields: [String: String], at unixMilliseconds: Int64) -> AuditEntry {
        var details = fields
        for name in ["audit", "browserId", "owner"] { details[name] = nil }
        let word =
            switch action {
            case .create, .delete, .token, .connect, .disconnect: "browser.\(action.rawValue)"
            case .registry: "registry.call"
            case .call: "call.refused"
            }
        return AuditEntry(
            author: caller?.owner ?? "", action: word,
            subject: browser?.text ?? server?.text ?? route ?? "",
            unixMilliseconds: unixMilliseconds, details: details)
    }

    private var sentence: String {
        let isDone = outcome == "ok" || action == .disconnect
        switch action {
        case .create: return isDone ? "browser created" : "create refused"
        case .delete: return isDone ? "browser deleted" : "delete refused"
        case .token: return isDone ? "token made" : "token refused"
        case .connect: return isDone ? "client connected" : "connect refused"
        case .disconnect: return "client disconnected"
        case .registry: return isDone ? "registry changed" : "registry change refused"
        case .call: return "call refused"
        }
    }

    /// The fields that are known, each on one line.
    var fields: [String: String] {
        let owner = caller.flatMap { $0.owner.isEmpty ? nil : $0.owner }
        let all = [
            ("audit", action.rawValue), ("outcome", outcome), ("browserId", browser?.text),
            ("server", server?.text), ("address", address), ("route", route),
            ("requestId", requestID), ("status", status.map { "\($0)" }),
            ("durationMs", durationMs.map { "\($0)" }), ("key", caller?.name), ("owner", owner),
        ]
        var fields: [String: String] = [:]
        for (name, text) in all where text != nil { fields[name] = text.map(Self.oneLine) }
        return fields
    }

    /// Names may come from outside; a line of text stays one line.
    private static func oneLine(_ text: String) -> String {
        // Nearly always so, and asked for each field of each line.
        guard !text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return text }
        return String(
            text.unicodeScalars.map {
                $0.properties.generalCategory == .control ? " " : Character($0)
            })
    }
}
