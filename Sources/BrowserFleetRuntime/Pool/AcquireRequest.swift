// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What a caller wants, and what it wants remembered about it.
public struct AcquireRequest: Sendable {
    /// Whose browser it will be: the ID of an API key. Counts for fairness, and is what a listing
    /// is filtered by.
    public var owner: String
    /// Class of service, capped by the caller's key already.
    public var priority: PriorityClass
    /// How long the caller is willing to wait; nil is the operator's standard.
    public var queueTimeout: Duration?
    /// Whether the caller waits for another lease to end, or is refused at once then.
    public var waitsForOthers = true
    /// What the browser must have been started with.
    public var properties: LaunchProperties
    /// What the lease runs under.
    public var terms: LeaseTerms
    /// What can be applied to any browser at the moment of the lease.
    public var settings: LeaseSettings
    /// The caller's own words about it, given back as they came.
    public var metadata: [String: String]

    /// Creates a request; without arguments that of an embedder who wants any browser.
    public init(
        owner: String = "local", priority: PriorityClass = .normal, queueTimeout: Duration? = nil,
        properties: LaunchProperties = .headless, terms: LeaseTerms = LeaseTerms(),
        settings: LeaseSettings = LeaseSettings(), metadata: [String: String] = [:]
    ) {
        self.owner = owner
        self.priority = priority
        self.queueTimeout = queueTimeout
        self.properties = properties
        self.terms = terms
        self.settings = settings
        self.metadata = metadata
    }
}
