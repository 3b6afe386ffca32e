// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetCore

/// A model of a store with short words for what tests do to it.
struct RegistryRig {
    var model = StoreModel()
    var now: Int64 = 1_000_000

    var stamp: CommandStamp { CommandStamp(author: "ann", unixMilliseconds: now) }
    var report: ServerReport { ServerReport(capacity: 5, startedAt: now, version: "1") }

    /// A process that can be told from those with other numbers.
    static func process(_ number: UInt64) -> UUIDv4 {
        var generator = SeededGenerator(seed: number)
        return UUIDv4(using: &generator)
    }

    /// A process claims the name, and registers as its claim wants.
    mutating func register(
        _ server: String, name: String = "one.example.com", process: UInt64 = 1,
        persisted: Int64? = nil
    ) throws -> ServerEpoch {
        var claim = NameClaim(process: Self.process(process))
        var events: [NameClaim.Event] = [.started(persisted: persisted)]
        while !events.isEmpty {
            let actions = claim.handle(
                events.removeFirst(), at: .origin, unixMilliseconds: now)
            for action in actions {
                switch action {
                case .read: events.append(.read(try entry(name)?.epoch))
                case .write(let epoch, let instead):
                    do {
                        try write(server, name: name, epoch, instead: instead)
                        events.append(.written(epoch))
                    } catch let refusal as StoreRefusal {
                        guard let event = refusal.claimEvent else { throw refusal }
                        events.append(event)
                    }
                case .serve(let epoch): return epoch
                case .persist, .holdBack, .stop, .erase: break
                }
            }
        }
        throw Unserved()
    }

    struct Unserved: Error {}

    @discardableResult
    mutating func write(
        _ server: String, name: String = "one.example.com", _ epoch: ServerEpoch,
        instead: ServerEpoch?
    ) throws -> ReportHeartbeat.Answer {
        var fields = ServerFields()
        fields.url = "https://\(name)"
        return try model.run(
            RegisterServer(
                server: ServerID(server), name: ServerName(name), epoch: epoch, instead: instead,
                fields: fields, report: report, unixMilliseconds: now))
    }

    mutating func beat(
        _ server: String, _ epoch: ServerEpoch, _ sequence: UInt64
    ) throws -> ReportHeartbeat.Answer {
        try model.run(
            ReportHeartbeat(
                server: ServerID(server), epoch: epoch, sequence: sequence, report: report,
                unixMilliseconds: now))
    }

    mutating func lose(_ server: String, _ epoch: ServerEpoch, _ sequence: UInt64) throws -> Bool {
        try model.run(
            MarkServerLost(
                server: ServerID(server), epoch: epoch, sequence: sequence, stamp: stamp))
    }

    mutating func use(
        _ key: String, by owner: String = "ann", of candidates: [String]
    ) throws -> AutoAssign.Answer {
        try model.run(
            AutoAssign(
                key: AssignmentKey(key), owner: owner,
                candidates: candidates.map { try ServerID($0) }, stamp: stamp))
    }

    mutating func put(
        _ key: String, on server: String, expected: Int64?, by owner: String = "ann",
        isAdmin: Bool = false
    ) throws -> Assignment {
        try model.run(
            PutAssignment(
                key: AssignmentKey(key), owner: owner, server: ServerID(server),
                expected: expected, isAdmin: isAdmin, stamp: stamp))
    }

    func record(_ server: String) throws -> ServerRecord? {
        let id = try ServerID(server)
        return model.servers(after: nil, limit: 100).first { $0.id == id }
    }

    func entry(_ name: String) throws -> NameEntry? {
        guard case .name(let entry) = model.records[.name(try ServerName(name))] else {
            return nil
        }
        return entry
    }

    /// The words of all events so far.
    var events: [String] {
        model.events.page(after: .origin, limit: 10_000).items.map(\.entry.kind.word)
    }

    /// The actions of all audit entries so far.
    var audit: [String] {
        model.audit.page(before: nil, limit: 10_000).items.reversed().map(\.entry.action)
    }
}
