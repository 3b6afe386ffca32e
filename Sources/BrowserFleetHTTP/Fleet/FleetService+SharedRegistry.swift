// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime

extension FleetService {
    /// Makes an operator's change in the registry that the fleet shares, so that every gateway does
    /// as it says, and is told at once here.
    ///
    /// - Parameter command: the change.
    /// - Returns: whether it was made; false where no registry is shared, or where it does not
    ///   know the server, which then is of this server's own list.
    /// - Throws: what the store refuses, or that it is away.
    func share<Answer: Sendable>(_ command: some StoreCommand<Answer>) async throws(Problem) -> Bool
    {
        guard let shared = fleet?.shared, let records else { return false }
        do throws(StoreError) {
            _ = try await records.store.run(command, within: nil)
        } catch {
            if case .serverNotKnown? = error.refusal { return false }
            throw Problem(error)
        }
        await shared.follower.refresh()
        return true
    }

    /// The ID under which the registry has a server: what it calls itself, else its name.
    func registryID(of name: ServerName) throws(Problem) -> ServerID {
        if let id = fleet?.driver.serverID(of: name) { return id }
        return try Self.serverID(name.text)
    }
}
