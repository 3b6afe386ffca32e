// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The body of `POST /servers`, a server that is added by hand, and of `PATCH /servers/:id`, where
/// what is absent stays as it is.
public struct ServerRequest: Hashable, Sendable, Codable {
    /// The server ID; the server name if absent. Not changed by `PATCH`.
    public var id: String?
    /// The server name; the host of `url` if absent. Not changed by `PATCH`.
    public var server: String?
    /// The name that people see.
    public var name: String?
    /// Where gateways reach it; required by `POST`.
    public var url: String?
    /// Its kind, as the operator calls it.
    public var type: String?
    /// Where it is.
    public var region: String?
    /// Leases it may have at most.
    public var capacity: Int?
    /// Higher is preferred.
    public var priority: Int?
    /// Its share of new browsers under the strategy `weighted`; 0 takes none.
    public var weight: Int?
    /// Whether it is used only when no other server can be.
    public var backup: Bool?
    /// What else is true of it.
    public var labels: [String: String]?
    /// For people.
    public var description: String?
    /// `PATCH` only: `false` marks it unhealthy by hand, `true` leaves that to its checks again.
    public var healthy: Bool?

    /// Creates a request that says nothing.
    public init() {}

    /// What the body of `POST /servers` may hold.
    public static let fields = FieldTable(
        "a server",
        [
            FieldRule("id", .text(longest: 128), "The server ID; the server name if absent."),
            FieldRule(
                "server", .text(longest: 253), "The server name; the host of url if absent."),
            FieldRule(
                "url", .text(longest: 2048), isRequired: true,
                "Where gateways reach it, such as https://server1.example.com."),
        ] + words)

    /// What the body of `PATCH /servers/:id` may hold.
    public static let changes = FieldTable(
        "a change of a server",
        [
            FieldRule("url", .text(longest: 2048), "Where gateways reach it."),
            FieldRule(
                "healthy", .boolean,
                "false marks it unhealthy by hand; true leaves that to its checks again."),
        ] + words)

    private static let words = [
        FieldRule("name", .text(longest: 128), "The name that people see."),
        FieldRule("type", .text(longest: 64), "Its kind: vps, cloud, dedicated or the like."),
        FieldRule("region", .text(longest: 64), "Where it is."),
        FieldRule("capacity", .integer(0...100_000), "Leases it may have at most."),
        FieldRule("priority", .integer(0...1000), "Higher is preferred."),
        FieldRule("weight", .integer(0...1000), "Share of new browsers; 0 takes none."),
        FieldRule("backup", .boolean, "Only when no other server can."),
        FieldRule("labels", .map(most: 32, longest: 256), "What else is true of it."),
        FieldRule("description", .text(longest: 512), "For people."),
    ]

    /// Reads a body that has been made a tree and checked.
    public init(checked tree: JSONTree) {
        func whole(_ name: String) -> Int? { tree[name]?.wholeNumber.map { Int($0) } }
        self.init()
        id = tree["id"]?.string
        server = tree["server"]?.string
        name = tree["name"]?.string
        url = tree["url"]?.string
        type = tree["type"]?.string
        region = tree["region"]?.string
        capacity = whole("capacity")
        priority = whole("priority")
        weight = whole("weight")
        backup = tree["backup"]?.boolean
        labels = tree["labels"]?.stringMap
        description = tree["description"]?.string
        healthy = tree["healthy"]?.boolean
    }
}
