// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension UpstreamProxy {
    /// Reads the create call's `proxy` given as text: `http://user:pass@host:port`, `https` and
    /// `socks5` too. User and password are percent-decoded. Without a port it is 80, 443 or 1080,
    /// as in Chromium.
    public init(url: String) throws(UpstreamProxyError) {
        try self.init(field: "proxy", server: url, username: nil, password: nil, bypass: nil)
    }

    /// Reads the create call's `proxy` given as an object. `server` is a URL or just `host:port`
    /// (then it is http); user and password may stand in it or beside it, not both.
    public init(
        server: String, username: String? = nil, password: String? = nil, bypass: String? = nil
    ) throws(UpstreamProxyError) {
        try self.init(
            field: "proxy.server", server: server, username: username, password: password,
            bypass: bypass)
    }

    private init(
        field: String, server: String, username: String?, password: String?, bypass: String?
    ) throws(UpstreamProxyError) {
        let (scheme, rest) = try Self.scheme(of: server, field: field)
        let (userInfo, authority) = try Self.authority(of: rest, field: field)
        guard
            let endpoint = EgressTarget(authority: authority, defaultPort: scheme.defaultPort)
        else {
            throw UpstreamProxyError(
                field: field, advice: "host and port cannot be read; write http://host:port")
        }
        self.scheme = scheme
        self.endpoint = endpoint
        self.credentials = try Self.credentials(
            userInfo: userInfo, username: username, password: password, scheme: scheme,
            field: field)
        self.bypass = try Self.bypass(bypass)
    }

    private static func scheme(
        of text: String, field: String
    ) throws(UpstreamProxyError) -> (Scheme, Substring) {
        guard let mark = text.firstRange(of: "://") else { return (.http, text[...]) }
        let name = text[..<mark.lowerBound].lowercased()
        if let scheme = Scheme(rawValue: name) { return (scheme, text[mark.upperBound...]) }
        throw UpstreamProxyError(
            field: field, advice: "the scheme must be http, https or socks5")
    }

    private static func authority(
        of text: Substring, field: String
    ) throws(UpstreamProxyError) -> (userInfo: Substring?, authority: Substring) {
        var text = text
        if text.hasSuffix("/") { text.removeLast() }
        var userInfo: Substring?
        if let mark = text.lastIndex(of: "@") {
            userInfo = text[..<mark]
            text = text[text.index(after: mark)...]
        }
        guard !text.contains(where: { "/?#".contains($0) }) else {
            throw UpstreamProxyError(
                field: field, advice: "a proxy has no path or query; write http://host:port")
        }
        return (userInfo, text)
    }

    private static func credentials(
        userInfo: Substring?, username: String?, password: String?, scheme: Scheme, field: String
    ) throws(UpstreamProxyError) -> ProxyCredentials? {
        guard let userInfo, !userInfo.isEmpty else {
            return try credentials(username: username, password: password, scheme: scheme)
        }
        guard username == nil, password == nil else {
            throw UpstreamProxyError(
                field: field, advice: "user and password are given twice; keep one of the two")
        }
        let parts = userInfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let decoded = (
            PercentEncoding.decode(parts[0]),
            parts.count > 1 ? PercentEncoding.decode(parts[1]) : ""
        )
        guard let user = decoded.0, let secret = decoded.1,
            let credentials = ProxyCredentials(username: user, password: secret, for: scheme)
        else {
            throw UpstreamProxyError(
                field: field,
                advice: "user or password cannot be used; percent-encode them. "
                    + scheme.credentialRule)
        }
        return credentials
    }

    private static func credentials(
        username: String?, password: String?, scheme: Scheme
    ) throws(UpstreamProxyError) -> ProxyCredentials? {
        guard let username, !username.isEmpty else {
            guard password?.isEmpty ?? true else {
                throw UpstreamProxyError(
                    field: "proxy.username", advice: "a password needs a user beside it")
            }
            return nil
        }
        guard
            let credentials = ProxyCredentials(
                username: username, password: password ?? "", for: scheme)
        else {
            throw UpstreamProxyError(field: "proxy.username", advice: scheme.credentialRule)
        }
        return credentials
    }

    private static func bypass(_ text: String?) throws(UpstreamProxyError) -> BypassList {
        guard let text else { return BypassList() }
        do {
            return try BypassList(parsing: text)
        } catch {
            throw UpstreamProxyError(field: "proxy.bypass", advice: error.description)
        }
    }
}

extension UpstreamProxy.Scheme {
    fileprivate var defaultPort: UInt16 {
        switch self {
        case .http: 80
        case .https: 443
        case .socks5: 1080
        }
    }

    /// What user and password must be like, as a sentence without its stop.
    fileprivate var credentialRule: String {
        switch self {
        case .http, .https:
            "User and password must be without control characters, the user without a colon, "
                + "and each at most 1024 bytes"
        case .socks5:
            "SOCKS takes a user and a password of 1 to 255 bytes each"
        }
    }
}
