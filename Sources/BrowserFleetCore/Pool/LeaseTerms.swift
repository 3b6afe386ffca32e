// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a client chose for its lease. `nil` takes the operator's standard; everything is capped by
/// the operator's most (see ``TimeoutRule``).
public struct LeaseTerms: Hashable, Sendable {
    /// Whether the lease ends some time after its last client left: true for `/connect`, false for
    /// a browser made by `POST /browsers`, which lives on however often clients leave.
    public var endsOnDisconnect: Bool
    /// How long a `/connect` lease outlives its last client; `nil` is the disconnect grace. Has no
    /// meaning for other leases.
    public var keepAlive: Duration?
    /// How long without CDP traffic and without a viewer.
    public var idleTimeout: Duration?
    /// The most time from grant to end.
    public var maxLifetime: Duration?
    /// How long the first client may take to come.
    public var connectTimeout: Duration?

    /// Creates terms; without arguments those of a `POST /browsers` that chose nothing.
    public init(
        endsOnDisconnect: Bool = false, keepAlive: Duration? = nil, idleTimeout: Duration? = nil,
        maxLifetime: Duration? = nil, connectTimeout: Duration? = nil
    ) {
        self.endsOnDisconnect = endsOnDisconnect
        self.keepAlive = keepAlive
        self.idleTimeout = idleTimeout
        self.maxLifetime = maxLifetime
        self.connectTimeout = connectTimeout
    }
}
