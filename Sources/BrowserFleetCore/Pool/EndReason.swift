// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a browser ended. Its raw value is the word used in the API, as the close reason, in metrics
/// and in events; there is exactly one for every end.
public enum EndReason: String, Hashable, Sendable, CaseIterable {
    /// `DELETE /browsers/:id`, or an embedder that gave it back.
    case deleted
    /// No CDP traffic and no viewer for the lease's idle timeout.
    case idle
    /// The lease reached its maximum lifetime.
    case lifetime
    /// A `/connect` lease whose last client left and did not return within the grace.
    case disconnected
    /// Nobody ever connected within the connect timeout.
    case neverConnected = "never-connected"
    /// The browser's processes ended by themselves.
    case crashed
    /// The browser no longer answered, or could not be prepared for its lease.
    case unhealthy
    /// The process tree held more memory than allowed.
    case memoryLimit = "memory-limit"
    /// The server drained and the deadline passed; for a browser without a lease, at once.
    case drained
    /// The server stops now.
    case serverStopping = "server-stopping"
    /// A newer process has the server's name.
    case fenced
    /// A client sent `Browser.close`.
    case clientClosed = "client-closed"
    /// The caller went away before it could be told that it has a browser.
    case abandoned
    /// A warm browser that nobody had was ended to make room, or was one more than is kept warm.
    case evicted
}
