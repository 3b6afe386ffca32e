// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetRuntime

extension ProxySettings {
    /// Takes a client's proxy apart, so that its secrets stand in fields of their own.
    ///
    /// - Throws: `invalid-proxy`; the message repeats nothing of the URL, which may hold a secret.
    init(checking choice: ProxyChoice) throws(Problem) {
        guard let separator = choice.server.firstRange(of: "://") else {
            throw Self.fault("must begin with http://, https:// or socks5://")
        }
        let scheme = choice.server[..<separator.lowerBound].lowercased()
        guard ["http", "https", "socks5"].contains(scheme) else {
            throw Self.fault("must begin with http://, https:// or socks5://")
        }
        var rest = choice.server[separator.upperBound...]
        if rest.last == "/" { rest.removeLast() }
        var (username, password) = (choice.username, choice.password)
        if let at = rest.lastIndex(of: "@") {
            (username, password) = try Self.credentials(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        let authority = String(rest)
        guard let name = HostRules.name(of: authority) else {
            throw Self.fault("must name a host, and a port if there is one, and nothing behind")
        }
        if let port = Self.port(of: authority, behind: name) {
            guard (1...65_535).contains(port) else {
                throw Self.fault("has a port that is not from 1 to 65535")
            }
        }
        self.init(
            server: "\(scheme)://\(authority)", username: username, password: password,
            bypass: (choice.bypass ?? "").split(separator: ",").map { String($0).trimmedSpace })
    }

    private static func port(of authority: String, behind name: String) -> Int? {
        let rest = authority.dropFirst(name.count)
        guard rest.first == ":" else { return nil }
        return Int(rest.dropFirst()) ?? 0
    }

    private static func credentials(
        _ text: Substring
    ) throws(Problem) -> (username: String?, password: String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let username = RequestTarget.decoded(parts[0], plusIsSpace: false),
            let password = RequestTarget.decoded(
                parts.count > 1 ? parts[1] : "", plusIsSpace: false)
        else { throw fault("has a broken escape in its user or password") }
        return (username, parts.count > 1 ? password : nil)
    }

    private static func fault(_ message: String) -> Problem {
        Problem(.invalidProxy, "'proxy': the URL \(message).")
    }
}
