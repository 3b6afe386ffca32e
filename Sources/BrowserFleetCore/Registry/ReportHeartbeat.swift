// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A server says how it is.
public struct ReportHeartbeat: StoreCommand, Hashable {
    /// Who says so.
    public var server: ServerID
    /// Under which epoch; any other than the registry's is refused.
    public var epoch: ServerEpoch
    /// Counts up from 1 with each heartbeat of this epoch. One that comes late changes nothing.
    public var sequence: UInt64
    /// All there is to say.
    public var report: ServerReport
    /// When.
    public var unixMilliseconds: Int64

    /// Creates the command.
    public init(
        server: ServerID, epoch: ServerEpoch, sequence: UInt64, report: ServerReport,
        unixMilliseconds: Int64
    ) {
        self.server = server
        self.epoch = epoch
        self.sequence = sequence
        self.report = report
        self.unixMilliseconds = unixMilliseconds
    }

    /// What an operator wants of the server.
    public struct Answer: Hashable, Sendable {
        /// Take no new leases.
        public var isDraining: Bool
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Answers what an operator wants of the server meanwhile.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> Answer {
        var record = try view.record(of: server, under: epoch)
        guard sequence > record.sequence else { return Answer(isDraining: record.isDraining) }
        if record.presence != .active {
            view.note(
                .serverReturned, subject: server.text,
                by: CommandStamp(author: server.text, unixMilliseconds: unixMilliseconds),
                details: ["was": record.presence.rawValue])
        }
        record.presence = .active
        record.sequence = sequence
        record.report = report
        record.lastSeen = unixMilliseconds
        view.write(.server(record))
        return Answer(isDraining: record.isDraining)
    }
}

extension RecordView {
    /// The record of a server for the process that has its name, and for no other.
    mutating func record(
        of server: ServerID, under epoch: ServerEpoch
    ) throws(StoreRefusal) -> ServerRecord {
        guard let record = self.server(server), let current = record.epoch else {
            throw .notRegistered(server)
        }
        if let newer = record.fencedBy { throw .fenced(by: newer) }
        guard current != epoch else { return record }
        // A store that lost its newest data knows less than the caller, who registers again.
        throw current.number < epoch.number ? .notRegistered(server) : .fenced(by: current)
    }
}
