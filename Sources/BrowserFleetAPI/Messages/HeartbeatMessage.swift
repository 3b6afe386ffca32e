// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// A server's full report of itself, as it sends it to its gateways and answers it to those that
/// ask. Between servers only: it may change with every version of this program.
public struct HeartbeatMessage: Hashable, Sendable, Codable {
    /// The server name.
    public var server: String
    /// The server ID.
    public var serverId: String
    /// Grows each time the name is taken.
    public var epoch: Int64
    /// The process that has the name, a UUID.
    public var process: String
    /// Counts the reports under this epoch.
    public var sequence: UInt64
    /// Where gateways reach the server.
    public var url: String
    /// What the operator says of it.
    public var fields: ServerFields
    /// How it is.
    public var report: ServerReport
    /// What an operator last said of the server, as it knows.
    public var word: OperatorWord?

    /// The message of a report.
    public init(_ heartbeat: Heartbeat, _ word: OperatorWord?, serverID: ServerID) {
        server = heartbeat.server.text
        serverId = serverID.text
        epoch = heartbeat.epoch.number
        process = heartbeat.epoch.process.description
        sequence = heartbeat.sequence
        url = heartbeat.endpoint.description
        fields = heartbeat.fields
        report = heartbeat.report
        self.word = word
    }

    /// The report of the message; `nil` if a name, URL or UUID in it is none.
    public var heartbeat: Heartbeat? {
        guard let name = try? ServerName(server), let endpoint = ServerEndpoint(url),
            let process = UUIDv4(process)
        else { return nil }
        return Heartbeat(
            server: name, endpoint: endpoint, epoch: ServerEpoch(number: epoch, process: process),
            sequence: sequence, fields: fields, report: report)
    }
}

/// What a gateway answers to a heartbeat.
public struct HeartbeatReply: Hashable, Sendable, Codable {
    /// Whether the report counts.
    public var accepted: Bool
    /// Whether an operator wants the server to take no new leases.
    public var draining: Bool?
    /// The number of the process that has the name, if the report does not count for that.
    public var newest: Int64?
    /// What an operator last said of the server, as the gateway knows.
    public var word: OperatorWord?

    /// The reply that says so.
    public init(_ answer: HeartbeatAnswer, _ word: OperatorWord? = nil) {
        self.word = word
        switch answer {
        case .accepted(let isDraining): (accepted, draining) = (true, isDraining)
        case .stale(let newest): (accepted, self.newest) = (false, newest)
        case .tooMany: accepted = false
        }
    }

    /// What the reply says.
    public var answer: HeartbeatAnswer {
        if accepted { return .accepted(isDraining: draining ?? false) }
        return newest.map { .stale(newest: $0) } ?? .tooMany
    }
}

/// A server's good-bye: its process is about to end and has no browsers any more.
public struct GoodbyeMessage: Hashable, Sendable, Codable {
    /// The server name.
    public var server: String
    /// Under which number the process had it.
    public var epoch: Int64
    /// The process, a UUID.
    public var process: String

    /// The message of a good-bye.
    public init(server: ServerName, epoch: ServerEpoch) {
        self.server = server.text
        self.epoch = epoch.number
        process = epoch.process.description
    }

    /// Who says good-bye; `nil` if the name or the UUID is none.
    public var leaver: (server: ServerName, epoch: ServerEpoch)? {
        guard let name = try? ServerName(server), let process = UUIDv4(process) else { return nil }
        return (name, ServerEpoch(number: epoch, process: process))
    }
}
