// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What an operator decides about a server's part in a fleet.
public struct FleetSettings: Sendable {
    /// What a process plays. The raw value is that of the setting `ROLE`.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// It owns browsers and forwards nothing.
        case node
        /// It forwards and places, and owns no browsers.
        case gateway
        /// It does both: any server answers any call.
        case both
    }

    /// What it plays.
    public var role: Role
    /// The server that this process is.
    public var own: OwnServer
    /// The gateways it reports to.
    public var gateways: [ServerEndpoint]
    /// The servers that are known without their word.
    public var servers: [ServerEntry]
    /// The domains below which every server is reached by its own name.
    public var suffixes: [DomainSuffix]
    /// The owner of browser IDs that name no server.
    public var fallback: ServerName?
    /// Time between two reports.
    public var heartbeatInterval: Duration
    /// How servers are watched.
    public var limits: FleetLimits
    /// How create calls travel.
    public var creates: CreateLimits
    /// How long a create call waits for a server with room.
    public var patience: TimeoutRule
    /// How a server is chosen for a new browser.
    public var placement: PlacementStrategy

    /// Creates the settings of a server on its own.
    public init(role: Role = .both, own: OwnServer) {
        self.role = role
        self.own = own
        gateways = []
        servers = []
        suffixes = []
        fallback = own.name
        heartbeatInterval = .seconds(1)
        limits = FleetLimits()
        creates = CreateLimits()
        patience = TimeoutRule(.seconds(30))
        placement = .leastLoaded
    }
}

/// The server that a process is.
public struct OwnServer: Hashable, Sendable {
    /// Its name, part of every browser's ID.
    public var name: ServerName
    /// What the operator calls it.
    public var id: ServerID
    /// Where gateways reach it.
    public var endpoint: ServerEndpoint
    /// What the operator says of it.
    public var fields: ServerFields

    /// Describes a server.
    public init(
        name: ServerName, id: ServerID, endpoint: ServerEndpoint,
        fields: ServerFields = ServerFields()
    ) {
        self.name = name
        self.id = id
        self.endpoint = endpoint
        self.fields = fields
    }
}
