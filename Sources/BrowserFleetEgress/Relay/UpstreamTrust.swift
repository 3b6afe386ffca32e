// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Whose certificates an https upstream proxy may show.
public enum UpstreamTrust: Hashable, Sendable {
    /// The host's trusted roots.
    case system
    /// The certificates of a PEM file instead, for a proxy with a certificate of its own.
    case file(path: String)
}
