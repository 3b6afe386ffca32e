// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone enters a server by hand (`POST /servers`), before or after it first came.
public struct EnterServer: StoreCommand, Hashable {
    /// What it is called.
    public var server: ServerID
    /// The name in its browsers' IDs; `nil` takes the host of its URL.
    public var name: ServerName?
    /// What is said of it; the URL must be.
    public var fields: ServerFields
    /// Who says so, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(
        server: ServerID, name: ServerName? = nil, fields: ServerFields, stamp: CommandStamp
    ) {
        self.server = server
        self.name = name
        self.fields = fields
        self.stamp = stamp
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Answers the record. A server that came by itself is adopted; one entered before is refused.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> ServerRecord {
        try fields.check()
        guard let url = fields.url, let endpoint = ServerEndpoint(url) else {
            throw .invalid(field: "url", advice: "say where the server is reached")
        }
        let known = view.server(server)
        guard known?.entered == nil else { throw .serverExists(server) }
        var record = known ?? ServerRecord(id: server, createdAt: stamp.unixMilliseconds)
        record.entered = fields
        if record.serverName == nil {
            record.serverName = name ?? (try? ServerName(endpoint.host))
        }
        view.write(.server(record))
        view.note(.serverEntered, subject: server.text, by: stamp, details: ["url": url])
        return record
    }
}
