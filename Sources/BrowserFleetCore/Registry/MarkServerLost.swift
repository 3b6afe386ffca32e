// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A failure detector says that a server has been silent for too long.
public struct MarkServerLost: StoreCommand, Hashable {
    /// Which server.
    public var server: ServerID
    /// The epoch that fell silent.
    public var epoch: ServerEpoch
    /// The last heartbeat the detector knows of: if there is a newer one, the server lives.
    public var sequence: UInt64
    /// Who says so, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(server: ServerID, epoch: ServerEpoch, sequence: UInt64, stamp: CommandStamp) {
        self.server = server
        self.epoch = epoch
        self.sequence = sequence
        self.stamp = stamp
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Answers whether the server is lost now: `false` if it was heard meanwhile or left by itself.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> Bool {
        guard var record = view.server(server) else { throw .serverNotKnown(server) }
        guard record.epoch == epoch, record.sequence == sequence else { return false }
        guard record.presence == .active else { return record.presence == .lost }
        record.presence = .lost
        view.write(.server(record))
        view.note(
            .serverLost, subject: server.text, by: stamp,
            details: ["epoch": "\(epoch.number)"])
        return true
    }
}
