// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime

extension FleetService {
    /// Reads a browser ID and makes sure that this server owns it.
    ///
    /// - Throws: `malformed-id`; what is wrong with the owner, if the fleet knows; or
    ///   `wrong-server` with the owner's name.
    func browserID(_ text: String) throws(Problem) -> BrowserID {
        let id: BrowserID
        do throws(DecodeError) {
            id = try BrowserID(decoding: text)
        } catch {
            throw Problem(.malformedID, "This is not a browser ID: \(error).")
        }
        RequestNotes.add { $0.browser = id }
        guard let server = id.server, server != pool.serverName else { return id }
        if let fleet, !origin.isInternal,
            case .refuse(let refusal) = fleet.driver.decide(browserID: id)
        {
            throw Problem(refusal)
        }
        throw Problem(
            .wrongServer,
            "The browser belongs to the server \(server), this is \(pool.serverName).")
    }

    /// What is known of a browser that the caller may see, running or ended.
    func record(_ text: String, for caller: Caller) throws(Problem) -> BrowserRecord {
        let id = try browserID(text)
        guard let record = pool.record(id), sees(caller, record) else { throw unknown(id) }
        return record
    }

    /// The lease of a running browser that the caller may use.
    ///
    /// - Throws: also 410 with the reason, when it has ended.
    func lease(_ text: String, for caller: Caller) throws(Problem) -> Lease<Launcher.Browser> {
        let record = try record(text, for: caller)
        if let lease = pool.lease(record.id) { return lease }
        throw ended(pool.record(record.id) ?? record)
    }

    /// Whether a caller may see a browser: its own, or any with `admin`; a token is checked
    /// against the browser already.
    func sees(_ caller: Caller, _ record: BrowserRecord) -> Bool {
        switch caller {
        case .token: true
        case .key, .subject, .anybody, .server: caller.seesAll || caller.owner == record.owner
        }
    }

    /// The problem of a browser that has ended.
    func ended(_ record: BrowserRecord) -> Problem {
        guard let end = record.end else {
            return Problem(.serverStopping, "The browser is ending.")
        }
        let at = Timestamp(millisecondsSince1970: end.at)
        return Problem(
            ProblemCode(end.reason), "The browser ended at \(at): \(end.reason.sentence).")
    }

    private func unknown(_ id: BrowserID) -> Problem {
        Problem(.unknownBrowser, "There is no browser \(id) that this key may see.")
    }
}

extension EndReason {
    /// The reason for people, as the end of a sentence.
    var sentence: String {
        switch self {
        case .deleted: "it was deleted"
        case .idle: "nobody used it for its idle timeout"
        case .lifetime: "it reached its maximum lifetime"
        case .disconnected: "its last client left and did not return"
        case .neverConnected: "nobody ever connected to it"
        case .crashed: "its processes ended by themselves"
        case .unhealthy: "it no longer answered"
        case .memoryLimit: "it used more memory than it may"
        case .drained: "the server drained"
        case .serverStopping: "the server stopped"
        case .clientClosed: "a client sent Browser.close"
        case .abandoned: "its caller had gone before it was ready"
        case .fenced: "a newer process took the server's name"
        case .evicted: "it made room for another"
        }
    }
}
