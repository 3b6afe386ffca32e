// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Finds the server that a sticky key is bound to, and binds it on its first use: asks the
/// placement who is best, and the store who it is.
public struct KeyAssigner: Sendable {
    private let fleet: FleetDriver
    private let store: any AssignmentStore

    /// How many servers a key may choose among.
    private static let mostCandidates = 32

    /// Creates an assigner.
    public init(_ fleet: FleetDriver, _ store: any AssignmentStore) {
        self.fleet = fleet
        self.store = store
    }

    /// Where a key is, now that it is used.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - owner: who uses it.
    ///   - isAdmin: whether the caller may use keys of others.
    ///   - wish: what server it may come to, if it comes to one.
    /// - Returns: the assignment, and what became of it.
    /// - Throws: ``StoreError``; a refusal if the key is another's or no server can take it.
    public func assign(
        _ key: AssignmentKey, owner: String, isAdmin: Bool, wish: PlacementWish
    ) async throws(StoreError) -> AutoAssign.Answer {
        try await store.run(
            AutoAssign(
                key: key, owner: owner, isAdmin: isAdmin, candidates: candidates(wish),
                stamp: CommandStamp(
                    author: owner, unixMilliseconds: fleet.clock.unixMilliseconds)), within: nil)
    }

    /// Moves what is bound to a server that is lost, each key to the best server; keys that no
    /// server can take stay until they are used.
    ///
    /// Several gateways may do this at once: what one has moved the others leave.
    public func move(from server: ServerID) async {
        var last: AssignmentKey?
        while !Task.isCancelled {
            guard
                let page = try? await store.assignments(
                    of: server, after: last, limit: 100, within: nil), let end = page.last
            else { return }
            for assignment in page {
                let command = AutoAssign(
                    key: assignment.key, owner: assignment.owner, isAdmin: true,
                    candidates: candidates(
                        PlacementWish(key: assignment.key.text), by: .sticky),
                    stamp: CommandStamp(
                        author: fleet.settings.own.id.text,
                        unixMilliseconds: fleet.clock.unixMilliseconds))
                _ = try? await store.run(command, within: nil)
            }
            last = end.key
        }
    }

    private func candidates(
        _ wish: PlacementWish, by strategy: PlacementStrategy? = nil
    ) -> [ServerID] {
        fleet.candidates(for: wish, most: Self.mostCandidates, by: strategy)
            .compactMap { fleet.serverID(of: $0.name) }
    }
}
