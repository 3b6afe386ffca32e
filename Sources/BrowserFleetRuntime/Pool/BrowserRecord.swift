// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What is known of one leased browser, alive or ended.
public struct BrowserRecord: Sendable, Equatable {
    /// Its public name.
    public let id: BrowserID
    /// The pool's name for the lease.
    public let lease: LeaseID
    /// Whose it is.
    public let owner: String
    /// The caller's own words about it.
    public let metadata: [String: String]
    /// What it was started with.
    public let properties: LaunchProperties
    /// The page size that was asked for.
    public let viewport: Viewport?
    /// Whether it was ready before its caller came.
    public let start: Grant.Start
    /// How long the caller waited in the pool.
    public let waited: Duration
    /// When the lease began, in milliseconds since 1970.
    public let createdAt: Int64
    /// When the lease ends at the latest, in milliseconds since 1970.
    public let expiresAt: Int64
    /// Connections now.
    public internal(set) var connections = 0
    /// How it ended; nil while it runs.
    public internal(set) var end: End?

    init(
        id: BrowserID, wish: AcquireRequest, grant: Grant, createdAt: Int64, expiresAt: Int64
    ) {
        self.id = id
        lease = grant.lease
        owner = wish.owner
        metadata = wish.metadata
        properties = wish.properties
        viewport = wish.settings.viewport
        start = grant.start
        waited = grant.waited
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// The end of a lease.
    public struct End: Sendable, Equatable {
        /// Why.
        public let reason: EndReason
        /// When, in milliseconds since 1970.
        public let at: Int64
        /// Bytes that crossed the relay in its life.
        public let traffic: BrowserTraffic
    }
}
