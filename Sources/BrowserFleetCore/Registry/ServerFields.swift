// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What is said of a server: by the server itself, or by hand (`POST /servers`). `nil` is unsaid.
public struct ServerFields: Hashable, Sendable, Codable {
    /// The name people see, such as `Server Singapore 1`.
    public var name: String?
    /// Where it is reached, without a path: `https://server1.example.com`.
    public var url: String?
    /// What runs it: `railway`, `vps`, `cloud`, `dedicated` or a word of one's own.
    public var type: String?
    /// Where it stands, such as `SG`.
    public var region: String?
    /// How many browsers it may have.
    public var capacity: Int?
    /// Higher is preferred.
    public var priority: Int?
    /// Its share of new browsers among equals.
    public var weight: Int?
    /// Whether it is used only when no other server can.
    public var isBackup: Bool?
    /// For placement.
    public var labels: [String: String]?
    /// The key that this server wants of gateways. A secret: answers, events and logs leave it out.
    public var apiKey: String?
    /// For people.
    public var description: String?

    /// Nothing said.
    public init() {}

    /// These fields, with those of `other` in front of them wherever `other` says something.
    public func overridden(by other: ServerFields) -> ServerFields {
        var merged = self
        merged.name = other.name ?? name
        merged.url = other.url ?? url
        merged.type = other.type ?? type
        merged.region = other.region ?? region
        merged.capacity = other.capacity ?? capacity
        merged.priority = other.priority ?? priority
        merged.weight = other.weight ?? weight
        merged.isBackup = other.isBackup ?? isBackup
        merged.labels = other.labels ?? labels
        merged.apiKey = other.apiKey ?? apiKey
        merged.description = other.description ?? description
        return merged
    }

    /// A field by name, for taking back what was said.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        /// ``ServerFields/name``
        case name
        /// ``ServerFields/url``
        case url
        /// ``ServerFields/type``
        case type
        /// ``ServerFields/region``
        case region
        /// ``ServerFields/capacity``
        case capacity
        /// ``ServerFields/priority``
        case priority
        /// ``ServerFields/weight``
        case weight
        /// ``ServerFields/isBackup``
        case backup
        /// ``ServerFields/labels``
        case labels
        /// ``ServerFields/apiKey``
        case apiKey
        /// ``ServerFields/description``
        case description
    }

    /// These fields with some of them unsaid.
    public func clearing(_ names: some Sequence<Name>) -> ServerFields {
        var rest = self
        for name in names {
            switch name {
            case .name: rest.name = nil
            case .url: rest.url = nil
            case .type: rest.type = nil
            case .region: rest.region = nil
            case .capacity: rest.capacity = nil
            case .priority: rest.priority = nil
            case .weight: rest.weight = nil
            case .backup: rest.isBackup = nil
            case .labels: rest.labels = nil
            case .apiKey: rest.apiKey = nil
            case .description: rest.description = nil
            }
        }
        return rest
    }
}
