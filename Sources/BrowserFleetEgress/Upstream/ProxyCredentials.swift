// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// User and password for an upstream proxy. They leave this type only as what the proxy is sent,
/// a header or a SOCKS message; every way of printing the value shows a placeholder.
public struct ProxyCredentials: Equatable, Sendable {
    private let username: String
    private let password: String

    /// Nil if there is no user or `scheme` cannot carry what is given.
    ///
    /// Basic has no user with a colon (RFC 7617) and no control character, which would break the
    /// header apart. SOCKS has at most 255 bytes each and no empty password (RFC 1929).
    init?(username: String, password: String, for scheme: UpstreamProxy.Scheme) {
        guard !username.isEmpty else { return nil }
        let texts = [username, password].map(\.utf8)
        switch scheme {
        case .http, .https:
            guard !username.contains(":"),
                texts.allSatisfy({
                    $0.count <= 1024 && $0.allSatisfy { $0 > 0x1f && $0 != 0x7f }
                })
            else { return nil }
        case .socks5:
            guard texts.allSatisfy({ (1...255).contains($0.count) }) else { return nil }
        }
        self.username = username
        self.password = password
    }

    /// The value of `Proxy-Authorization` (RFC 7617, UTF-8).
    var authorization: String {
        "Basic " + Base64.encode(Array("\(username):\(password)".utf8))
    }

    /// The request of RFC 1929; each part was found to fit.
    var socksMessage: [UInt8] {
        [1] + [username, password].flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    }
}

extension ProxyCredentials: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// A placeholder.
    public var description: String { "(credentials not shown)" }

    /// A placeholder.
    public var debugDescription: String { description }

    /// No children, so `dump` and test failures show nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
