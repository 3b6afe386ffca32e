// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone wants a server to take no new leases, or to take them again.
public struct DrainServer: StoreCommand, Hashable {
    /// Which server.
    public var server: ServerID
    /// Drain it, or activate it.
    public var isDraining: Bool
    /// Who wants it, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(server: ServerID, isDraining: Bool, stamp: CommandStamp) {
        self.server = server
        self.isDraining = isDraining
        self.stamp = stamp
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Answers the record as it is then. The server hears of it by its next heartbeat.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> ServerRecord {
        guard var record = view.server(server) else { throw .serverNotKnown(server) }
        guard record.isDraining != isDraining else { return record }
        record.isDraining = isDraining
        view.write(.server(record))
        let kind: FleetEvent.Kind = isDraining ? .serverDraining : .serverActivated
        view.note(kind, subject: server.text, by: stamp)
        return record
    }
}
