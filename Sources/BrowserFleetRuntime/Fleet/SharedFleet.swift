// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a server does in a store that its fleet shares: it follows the registry, and binds keys.
public struct SharedFleet: Sendable {
    /// Tells the driver who belongs to the fleet.
    public let follower: RegistryFollower
    /// Binds sticky keys to servers.
    public let assigner: KeyAssigner

    /// Ties a driver to the store.
    public init(_ fleet: FleetDriver, _ records: FleetRecords) {
        follower = RegistryFollower(fleet, records, logger: fleet.logger)
        assigner = KeyAssigner(fleet, records.store)
    }
}
