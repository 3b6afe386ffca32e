// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
public import BrowserFleetRuntime

/// Many who want one key at once: what they were told has to fit what happened.
///
/// The store has to be empty and nobody else's. It may fail meanwhile: who is told that the
/// outcome is unknown counts as both.
public struct StoreRace: Sendable {
    /// Compare-and-set calls that were told to have won.
    public private(set) var wins = 0
    /// Those that were told to have lost.
    public private(set) var losses = 0
    /// Those whose outcome nobody knows.
    public private(set) var unknown = 0
    /// Those that found no store.
    public private(set) var unavailable = 0
    /// Other errors, as text.
    public private(set) var errors: [String] = []

    private enum End: Sendable { case won, lost, unknown, unavailable, failed(String) }

    /// Creates a race in which nobody ran yet.
    public init() {}

    /// Lets `runners` try to move one key between two servers, `rounds` times each.
    public mutating func run(
        on stores: [some AssignmentStore], runners: Int, rounds: Int,
        within limit: Duration = .seconds(5)
    ) async throws {
        let key = try AssignmentKey("raced")
        let servers = [try ServerID("server-1"), try ServerID("server-2")]
        let stamp = CommandStamp(author: "race", unixMilliseconds: 1_800_000_000_000)
        var fields = ServerFields()
        fields.url = "https://one.example.com"
        for server in servers {
            do throws(StoreError) {
                let enter = EnterServer(server: server, fields: fields, stamp: stamp)
                try await stores[0].run(enter, within: .seconds(30))
            } catch {
                // An earlier race on this store has entered it.
                guard error.refusal == .serverExists(server) else { throw error }
            }
        }
        let ends = await withTaskGroup(of: [End].self) { group in
            for runner in 0..<runners {
                let store = stores[runner % stores.count]
                group.addTask {
                    var ends: [End] = []
                    for round in 0..<rounds {
                        let server = servers[(runner + round) % 2]
                        ends.append(
                            await Self.tryOnce(
                                store, key: key, server: server, stamp: stamp, within: limit))
                    }
                    return ends
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for end in ends { count(end) }
    }

    private static func tryOnce(
        _ store: some AssignmentStore, key: AssignmentKey, server: ServerID, stamp: CommandStamp,
        within limit: Duration
    ) async -> End {
        do {
            let seen = try await store.assignment(of: key, within: limit)
            _ = try await store.run(
                PutAssignment(
                    key: key, owner: "ann", server: server, expected: seen?.epoch, stamp: stamp),
                within: limit)
            return .won
        } catch {
            switch error.code {
            case .refused(.conflict): return .lost
            case .outcomeUnknown: return .unknown
            case .unavailable: return .unavailable
            case .refused, .contention, .unusable, .unreadable: return .failed("\(error)")
            }
        }
    }

    private mutating func count(_ end: End) {
        switch end {
        case .won: wins += 1
        case .lost: losses += 1
        case .unknown: unknown += 1
        case .unavailable: unavailable += 1
        case .failed(let error): errors.append(error)
        }
    }

    /// What does not fit what the store now says: each win is one event, epochs only grow, and the
    /// audit says the same as the events.
    public func contradictions(in store: some EventBus & AuditLog) async throws -> [String] {
        var epochs: [Int] = []
        var position = LogPosition.origin
        while true {
            let page = try await store.nextEvents(
                after: position, limit: 1000, patience: .seconds(1))
            if page.items.isEmpty { break }
            position = page.next(after: position)
            epochs += page.items.map(\.entry).filter { $0.subject == "raced" }
                .compactMap { $0.details["epoch"].flatMap { Int($0) } }
        }
        let filter = AuditFilter(subject: "raced")
        let audit = try await store.audit(
            before: nil, limit: 100_000, filter: filter, within: .seconds(20))
        var found = errors
        if !(wins...wins + unknown).contains(epochs.count) {
            found.append("\(wins) wins and \(unknown) unknown, but \(epochs.count) events")
        }
        if epochs != epochs.sorted() || Set(epochs).count != epochs.count {
            found.append("epochs do not grow from event to event: \(epochs)")
        }
        if audit.items.count != epochs.count {
            found.append("\(epochs.count) events, but \(audit.items.count) audit entries")
        }
        return found
    }
}
