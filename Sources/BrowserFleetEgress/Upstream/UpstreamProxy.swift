// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A proxy that a browser's traffic leaves through, chosen by whoever created the browser.
///
/// It lives in the relay alone: no command line, answer, log or error shows its credentials.
public struct UpstreamProxy: Equatable, Sendable {
    /// How the relay speaks to the proxy.
    public enum Scheme: String, Hashable, Sendable {
        /// Plain TCP.
        case http
        /// TLS, the certificate checked against the host's trusted roots.
        case https
        /// SOCKS version 5 (RFC 1928), user and password in plain text if there are any (RFC 1929).
        case socks5
    }

    /// See `Scheme`.
    public let scheme: Scheme
    /// Where the proxy is; judged by the policy like any other target.
    public let endpoint: EgressTarget
    /// What the proxy asks for, if anything.
    public let credentials: ProxyCredentials?
    /// What goes past the proxy.
    public let bypass: BypassList
}

extension UpstreamProxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Scheme, host and port. Whether there are credentials is told, what they are is not.
    public var description: String {
        let place = "\(scheme.rawValue)://\(endpoint.authority)"
        return credentials == nil ? place : place + " with credentials"
    }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Only what `description` shows.
    public var customMirror: Mirror { Mirror(self, children: ["proxy": description]) }
}
