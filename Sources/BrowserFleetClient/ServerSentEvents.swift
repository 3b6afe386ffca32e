// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One server-sent event as it came.
struct ServerSentEvent: Hashable, Sendable {
    /// What it is called; `message` if it said nothing.
    var name: String
    /// Its lines of data.
    var data: String
    /// The last ID of the stream so far.
    var id: String?
}

/// Reads server-sent events out of bytes as they come (HTML Standard, section 9.2.6).
struct ServerSentEvents: Sendable {
    /// More than this in one event is no event of ours.
    static let longest = 1 << 20

    /// The ID to go on from.
    private(set) var lastID: String?
    private var rest: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var size = 0

    /// Takes bytes; answers the events that are whole now, or `nil` if one is too long.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent]? {
        rest += bytes
        var events: [ServerSentEvent] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            var line = String(decoding: rest[..<end], as: UTF8.self)
            if line.hasSuffix("\r") { line.removeLast() }
            rest.removeSubrange(...end)
            if line.isEmpty {
                if let event = finish() { events.append(event) }
            } else {
                take(line: line)
            }
        }
        return rest.count + size > Self.longest ? nil : events
    }

    private mutating func take(line: String) {
        guard !line.hasPrefix(":") else { return }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? String(parts[1]) : ""
        if value.hasPrefix(" ") { value.removeFirst() }
        size += value.utf8.count
        switch parts[0] {
        case "event": name = value
        case "data": data.append(value)
        case "id": lastID = value
        case _: break
        }
    }

    private mutating func finish() -> ServerSentEvent? {
        defer { (name, data, size) = ("", [], 0) }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: lastID)
    }
}
