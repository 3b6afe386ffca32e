// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What went wrong, as one word; the same in answers, metrics, events and close reasons.
///
/// The list is closed: a client may switch over it. Ends of browsers use the words of
/// `EndReason`, refusals of the pool those of `Refusal.Reason`, failed launches those of
/// `LaunchError.Code`; each of these has a test that the word is here.
public enum ProblemCode: String, Hashable, Sendable, CaseIterable, Codable {
    // The request's form.
    /// The bytes are not an HTTP request that we accept.
    case malformedRequest = "malformed-request"
    /// The body is not JSON.
    case malformedJSON = "malformed-json"
    /// The browser ID cannot be one.
    case malformedID = "malformed-id"
    /// A field or query parameter that does not exist.
    case unknownField = "unknown-field"
    /// A field that must be there is not.
    case missingField = "missing-field"
    /// A field of another type than declared.
    case wrongType = "wrong-type"
    /// A number, text or list outside its bounds.
    case outOfRange = "out-of-range"
    /// A value of the right type that makes no sense.
    case invalidValue = "invalid-value"
    /// A browser switch that is not on the allow-list.
    case invalidArgument = "invalid-argument"
    /// A proxy that cannot be used.
    case invalidProxy = "invalid-proxy"
    /// The body is larger than allowed.
    case bodyTooLarge = "body-too-large"
    /// The head of the request is larger than allowed.
    case headersTooLarge = "headers-too-large"
    /// The request did not arrive in time.
    case requestTimeout = "request-timeout"
    /// The body's content type is not JSON.
    case unsupportedMediaType = "unsupported-media-type"
    /// There is nothing at this path.
    case unknownPath = "unknown-path"
    /// The path exists, the method does not.
    case methodNotAllowed = "method-not-allowed"
    /// The path is a WebSocket.
    case upgradeRequired = "upgrade-required"

    // Who asks.
    /// No key and no token.
    case unauthenticated
    /// A key that is not, or no longer, known.
    case invalidKey = "invalid-key"
    /// A token that we did not sign, or not for this browser.
    case invalidToken = "invalid-token"
    /// A token whose time is over.
    case expiredToken = "expired-token"
    /// The key or token does not have the scope.
    case forbidden
    /// A call in the name of another server of the fleet, whose signature is not right.
    case invalidSignature = "invalid-signature"
    /// The `Host` header names a host that is not ours.
    case hostNotAllowed = "host-not-allowed"
    /// The `Origin` header names a page that may not connect.
    case originNotAllowed = "origin-not-allowed"
    /// The key has as many browsers as it may.
    case keyLimit = "key-limit"
    /// Too many requests in a short time.
    case rateLimited = "rate-limited"
    /// Too many connections from one address.
    case tooManyConnections = "too-many-connections"

    // Which browser.
    /// There is no such browser, or the key may not see it.
    case unknownBrowser = "unknown-browser"
    /// Another server owns the browser.
    case wrongServer = "wrong-server"

    // The fleet.
    /// The browser ID names a server that is not part of this fleet.
    case ownerUnknown = "owner-unknown"
    /// The server that owns the browser does not answer at the moment.
    case ownerUnreachable = "owner-unreachable"
    /// The server that owned the browser is gone, and the browser with it.
    case serverLost = "server-lost"
    /// A newer process has the server's name.
    case fenced
    /// No server of the fleet fits what the call asks for.
    case noServer = "no-server"
    /// One server after the other failed to make a browser.
    case serversBroken = "servers-broken"
    /// There is no such server.
    case unknownServer = "unknown-server"
    /// There is a server of that name.
    case serverExists = "server-exists"
    /// The server reports itself, or stands in the settings; it cannot be changed so.
    case serverNotManual = "server-not-manual"
    /// The report comes from a process that no longer has the server's name.
    case staleEpoch = "stale-epoch"
    /// There is no such assignment.
    case unknownAssignment = "unknown-assignment"
    /// The assignment is another's, or has changed meanwhile.
    case assignmentConflict = "assignment-conflict"

    // Refusals of the pool.
    /// The wait queue is full.
    case queueFull = "queue-full"
    /// No browser became free in time.
    case queueTimeout = "queue-timeout"
    /// The server takes no new browsers.
    case draining
    /// Launches fail, and no warm browser is left.
    case quarantined
    /// The machine's processors are busy.
    case cpuPressure = "cpu-pressure"
    /// The machine's memory is short.
    case memoryPressure = "memory-pressure"
    /// The caller went away.
    case cancelled

    // The fleet's store.
    /// It could not be reached in time; nothing was changed.
    case storeUnavailable = "store-unavailable"
    /// It was lost during a change, which was made whole or not at all.
    case storeOutcomeUnknown = "store-outcome-unknown"
    /// Others kept changing the same; nothing was changed.
    case storeContention = "store-contention"
    /// It needs an operator.
    case storeUnusable = "store-unusable"
    /// What stands there cannot be read.
    case storeUnreadable = "store-unreadable"

    // Failed launches.
    /// A browser could not be started.
    case launchFailed = "launch-failed"
    /// No browser executable was found.
    case engineMissing = "engine-missing"
    /// The browser executable is too old.
    case engineTooOld = "engine-too-old"
    /// The machine does not allow the jail.
    case isolationUnavailable = "isolation-unavailable"
    /// The browser could not start its sandbox.
    case sandboxFailed = "sandbox-failed"
    /// The browser ended at once.
    case exitedEarly = "exited-early"
    /// The browser never answered.
    case timedOut = "timed-out"
    /// There is no room for a profile.
    case diskFull = "disk-full"
    /// The profile folder cannot be written.
    case dataDirectoryUnusable = "data-directory-unusable"

    // Pages.
    /// The URL did not load.
    case navigationFailed = "navigation-failed"
    /// The page did not load in time.
    case navigationTimeout = "navigation-timeout"
    /// There is no such page.
    case noSuchPage = "no-such-page"
    /// The browser ended meanwhile.
    case browserGone = "browser-gone"
    /// The browser refused to render.
    case renderingRefused = "rendering-refused"

    // Connections.
    /// The client reads too slowly.
    case readerTooSlow = "reader-too-slow"
    /// The client broke the protocol.
    case protocolError = "protocol-error"
    /// The connection's page is gone.
    case targetClosed = "target-closed"

    // Ends of browsers.
    /// It was deleted.
    case deleted
    /// Nobody used it.
    case idle
    /// It reached its maximum lifetime.
    case lifetime
    /// Its last client left and did not return.
    case disconnected
    /// Nobody ever connected.
    case neverConnected = "never-connected"
    /// Its processes ended by themselves.
    case crashed
    /// It no longer answered.
    case unhealthy
    /// It used more memory than allowed.
    case memoryLimit = "memory-limit"
    /// The server drained.
    case drained
    /// The server stops.
    case serverStopping = "server-stopping"
    /// A client sent `Browser.close`.
    case clientClosed = "client-closed"
    /// Its caller went away before it was told.
    case abandoned
    /// It made room for another.
    case evicted

    /// A fault of ours.
    case `internal`

    /// The word for the end of a browser.
    public init(_ reason: EndReason) {
        self =
            switch reason {
            case .deleted: .deleted
            case .idle: .idle
            case .lifetime: .lifetime
            case .disconnected: .disconnected
            case .neverConnected: .neverConnected
            case .crashed: .crashed
            case .unhealthy: .unhealthy
            case .memoryLimit: .memoryLimit
            case .drained: .drained
            case .serverStopping: .serverStopping
            case .clientClosed: .clientClosed
            case .abandoned: .abandoned
            case .fenced: .fenced
            case .evicted: .evicted
            }
    }

    /// The word for a refusal of the pool.
    public init(_ reason: Refusal.Reason) {
        self =
            switch reason {
            case .queueFull: .queueFull
            case .queueTimeout: .queueTimeout
            case .draining: .draining
            case .quarantined: .quarantined
            case .pressure(.cpu): .cpuPressure
            case .pressure(.memory): .memoryPressure
            case .launchFailed: .launchFailed
            case .keyLimit: .keyLimit
            case .cancelled: .cancelled
            }
    }
}
