// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Which events a reader is shown, and how much of them.
///
/// A reader who is not to see everything sees what is its own, and what became of servers without
/// the details: its browsers and keys live on them.
public struct EventFilter: Hashable, Sendable {
    /// Only these words; one that ends in a dot stands for all that begin with it. None is any.
    public var kinds: [String]
    /// Whose events; `nil` is everybody's.
    public var owner: String?
    /// Not before this time, in milliseconds since 1970.
    public var since: Int64?

    /// Creates a filter.
    public init(kinds: [String] = [], owner: String? = nil, since: Int64? = nil) {
        self.kinds = kinds
        self.owner = owner
        self.since = since
    }

    /// What the reader is shown of an event; `nil` if nothing.
    public func shown(_ event: FleetEvent) -> FleetEvent? {
        guard kinds.isEmpty || kinds.contains(where: { WordPattern($0).covers(event.kind.word) }),
            since.map({ $0 <= event.unixMilliseconds }) ?? true
        else { return nil }
        guard let owner, event.details["owner"] != owner else { return event }
        guard WordPattern("server.").covers(event.kind.word) else { return nil }
        var bare = event
        bare.details = event.details.filter { $0.key == "name" }
        return bare
    }
}
