// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The order in which waiting callers are served: all of a higher class before any of a lower one.
public enum PriorityClass: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// Served when nobody else waits.
    case low
    /// The usual class.
    case normal
    /// Served before all others.
    case high

    /// A class is less than another if it is served later.
    public static func < (left: PriorityClass, right: PriorityClass) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One caller's wish for a browser.
public struct PoolRequest: Hashable, Sendable {
    /// Names the caller in answers and in a cancellation.
    public var id: RequestID
    /// Whose fair share the request counts against: the ID of an API key.
    public var owner: String
    /// Class of service; the caller's key has capped it already.
    public var priority: PriorityClass
    /// The owner's share among owners that wait in the same class; 2 is served twice as often as
    /// 1. Held between 1 and 1000.
    public var weight: Int
    /// How long the caller is willing to wait; capped by the operator, `nil` is the standard.
    public var queueTimeout: Duration?
    /// Whether the caller waits for another lease to end. One who does not is refused at once
    /// unless a slot will serve it, be it by a launch.
    public var waitsForOthers: Bool
    /// What the browser must have been started with.
    public var properties: LaunchProperties
    /// What the lease will run under.
    public var terms: LeaseTerms

    /// Creates a request.
    public init(
        id: RequestID, owner: String, priority: PriorityClass = .normal, weight: Int = 1,
        queueTimeout: Duration? = nil, waitsForOthers: Bool = true,
        properties: LaunchProperties = .headless, terms: LeaseTerms = LeaseTerms()
    ) {
        self.id = id
        self.owner = owner
        self.priority = priority
        self.weight = weight
        self.queueTimeout = queueTimeout
        self.waitsForOthers = waitsForOthers
        self.properties = properties
        self.terms = terms
    }
}
