// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone takes a server out of the registry. Its name's claim stays, so that epochs only grow;
/// a process that still has the name registers again with its next heartbeat.
public struct RemoveServer: StoreCommand, Hashable {
    /// Which server.
    public var server: ServerID
    /// Who wants it, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(server: ServerID, stamp: CommandStamp) {
        self.server = server
        self.stamp = stamp
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Answers whether there was one.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> Bool {
        guard view.server(server) != nil else { return false }
        view.remove(.server(server))
        view.note(.serverRemoved, subject: server.text, by: stamp)
        return true
    }
}
