// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// User and password for an upstream proxy. They leave this type in one form only, the header
/// that the proxy is sent; every way of printing the value shows a placeholder.
public struct ProxyCredentials: Equatable, Sendable {
    private let username: String
    private let password: String

    /// Nil if the user holds a colon (Basic cannot carry one, RFC 7617) or either part holds a
    /// control character (it would break the header apart).
    init?(username: String, password: String) {
        let texts = [username, password]
        guard !username.isEmpty, !username.contains(":"),
            texts.allSatisfy({
                $0.utf8.count <= 1024 && $0.utf8.allSatisfy { $0 > 0x1f && $0 != 0x7f }
            })
        else { return nil }
        self.username = username
        self.password = password
    }

    /// The value of `Proxy-Authorization` (RFC 7617, UTF-8).
    var authorization: String {
        "Basic " + Base64.encode(Array("\(username):\(password)".utf8))
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
