// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A server says good-bye at a graceful stop: what ``NameClaim`` wants with
/// ``NameClaim/Action/erase(_:)``. Its assignments stay, for it comes back.
public struct LeaveFleet: StoreCommand, Hashable {
    /// Who leaves.
    public var server: ServerID
    /// Under which epoch.
    public var epoch: ServerEpoch
    /// When.
    public var unixMilliseconds: Int64

    /// Creates the command.
    public init(server: ServerID, epoch: ServerEpoch, unixMilliseconds: Int64) {
        self.server = server
        self.epoch = epoch
        self.unixMilliseconds = unixMilliseconds
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Marks the server inactive; saying it twice changes nothing.
    public func decide(on view: inout RecordView) throws(StoreRefusal) {
        var record = try view.record(of: server, under: epoch)
        guard record.presence != .inactive else { return }
        record.presence = .inactive
        record.lastSeen = unixMilliseconds
        view.write(.server(record))
        view.note(
            .serverLeft, subject: server.text,
            by: CommandStamp(author: server.text, unixMilliseconds: unixMilliseconds))
    }
}
