// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A process takes its server's name: what ``NameClaim`` wants with
/// ``NameClaim/Action/write(_:instead:)``.
///
/// The claim draws the epoch, this compares and sets. It fences every older process of the name,
/// be it under the same server ID or under another, and every older one of the server ID.
public struct RegisterServer: StoreCommand, Hashable {
    /// The server's ID.
    public var server: ServerID
    /// The name that stands in its browsers' IDs.
    public var name: ServerName
    /// The hold to be written.
    public var epoch: ServerEpoch
    /// What has to stand there; `nil` for nothing.
    public var instead: ServerEpoch?
    /// What the server says of itself.
    public var fields: ServerFields
    /// The first report.
    public var report: ServerReport
    /// When.
    public var unixMilliseconds: Int64

    /// Creates the command.
    public init(
        server: ServerID, name: ServerName, epoch: ServerEpoch, instead: ServerEpoch?,
        fields: ServerFields, report: ServerReport, unixMilliseconds: Int64
    ) {
        self.server = server
        self.name = name
        self.epoch = epoch
        self.instead = instead
        self.fields = fields
        self.report = report
        self.unixMilliseconds = unixMilliseconds
    }

    /// The server and the name.
    public var keys: [RecordKey] { [.server(server), .name(name)] }

    /// Answers what an operator wants of the server. Said again under the same epoch it answers
    /// the same and changes nothing, unless the server's record was removed meanwhile.
    ///
    /// - Throws: ``StoreRefusal/nameChanged(to:)`` if neither `instead` nor `epoch` stands there,
    ///   ``StoreRefusal/fenced(by:)`` if the server ID is held under a number that is no lower.
    public func decide(
        on view: inout RecordView
    ) throws(StoreRefusal) -> ReportHeartbeat.Answer {
        try fields.check()
        let record = view.server(server)
        let entry = view.entry(name)
        let answer = ReportHeartbeat.Answer(isDraining: record?.isDraining ?? false)
        if entry?.epoch == epoch, record?.epoch == epoch, record?.fencedBy == nil { return answer }
        guard entry?.epoch == epoch || entry?.epoch == instead else {
            throw .nameChanged(to: entry?.epoch)
        }
        for holder in [entry?.epoch, record?.epoch].compactMap(\.self)
        where holder.process != epoch.process && holder.number >= epoch.number {
            throw .fenced(by: holder)
        }
        if let entry, entry.server != server { fence(entry.server, on: &view) }
        if let record, record.presence == .active { announceFencing(of: record, on: &view) }
        take(over: record, on: &view)
        return answer
    }

    private func take(over record: ServerRecord?, on view: inout RecordView) {
        var next = record ?? ServerRecord(id: server, createdAt: unixMilliseconds)
        next.serverName = name
        next.described = fields
        next.epoch = epoch
        next.fencedBy = nil
        next.presence = .active
        next.sequence = 0
        next.report = report
        next.lastSeen = unixMilliseconds
        view.write(.server(next))
        view.write(.name(NameEntry(name: name, server: server, epoch: epoch)))
        view.note(
            .serverRegistered, subject: server.text, by: stamp,
            details: ["epoch": "\(epoch.number)", "name": name.text])
    }

    // The other server's process hears of it when it speaks next.
    private func fence(_ other: ServerID, on view: inout RecordView) {
        guard var record = view.server(other), record.serverName == name else { return }
        announceFencing(of: record, on: &view)
        record.fencedBy = epoch
        record.presence = .lost
        view.write(.server(record))
    }

    private func announceFencing(of record: ServerRecord, on view: inout RecordView) {
        view.note(
            .serverFenced, subject: record.id.text, by: stamp,
            details: ["epoch": record.epoch.map { "\($0.number)" } ?? "", "name": name.text])
    }

    private var stamp: CommandStamp {
        CommandStamp(author: server.text, unixMilliseconds: unixMilliseconds)
    }
}
