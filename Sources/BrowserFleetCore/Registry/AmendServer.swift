// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Someone changes what stands about a server (`PATCH /servers/:id`).
public struct AmendServer: StoreCommand, Hashable {
    /// Which server.
    public var server: ServerID
    /// What is said anew; what is unsaid stays.
    public var fields: ServerFields
    /// What is taken back, so that the server's own word counts again.
    public var cleared: [ServerFields.Name]
    /// A word on its health; `nil` leaves it.
    public var healthMark: ServerRecord.HealthMark?
    /// Who wants it, and when.
    public var stamp: CommandStamp

    /// Creates the command.
    public init(
        server: ServerID, fields: ServerFields = ServerFields(), cleared: [ServerFields.Name] = [],
        healthMark: ServerRecord.HealthMark? = nil, stamp: CommandStamp
    ) {
        self.server = server
        self.fields = fields
        self.cleared = cleared
        self.healthMark = healthMark
        self.stamp = stamp
    }

    /// The server's record.
    public var keys: [RecordKey] { [.server(server)] }

    /// Answers the record as it is then. What changes nothing leaves no event either.
    public func decide(on view: inout RecordView) throws(StoreRefusal) -> ServerRecord {
        try fields.check()
        guard let known = view.server(server) else { throw .serverNotKnown(server) }
        var record = known
        let entered = (known.entered ?? ServerFields()).clearing(cleared).overridden(by: fields)
        record.entered = known.entered == nil && entered == ServerFields() ? nil : entered
        record.healthMark = healthMark ?? known.healthMark
        guard record != known else { return known }
        view.write(.server(record))
        view.note(
            .serverAmended, subject: server.text, by: stamp,
            details: ["health": record.healthMark.rawValue])
        return record
    }
}
