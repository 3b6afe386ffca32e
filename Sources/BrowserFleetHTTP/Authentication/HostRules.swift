// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI

/// Which values of `Host` and `Origin` are ours.
///
/// A page in somebody's browser can make a name of its own resolve to this machine (DNS
/// rebinding); the `Host` it then sends is that name. Addresses cannot be rebound, so they pass.
struct HostRules: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - hosts: names that are served, without ports; `*` is any.
    ///   - origins: pages that may call, such as `https://app.example.com`; `*` is any.
    init(hosts: [String], origins: [String]) {
        self.hosts = Set(hosts.map { $0.lowercased() } + ["localhost"])
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// Refuses a host that is not ours.
    func check(host authority: String?) throws(Problem) {
        guard let authority, let name = Self.name(of: authority) else {
            throw Problem(.hostNotAllowed, "The Host header is missing or malformed.")
        }
        guard hosts.contains("*") || hosts.contains(name) || Self.isAddress(name) else {
            throw Problem(
                .hostNotAllowed,
                "This server does not answer for that host; name it in ALLOWED_HOSTS.")
        }
    }

    /// Whether a host is ours.
    func allows(host authority: String?) -> Bool {
        (try? check(host: authority)) != nil
    }

    /// Whether a page of this origin may call: it was named, or is our own.
    func allows(origin: String, host authority: String?) -> Bool {
        let origin = origin.lowercased()
        if origins.contains("*") || origins.contains(origin) { return true }
        guard let authority, let separator = origin.firstRange(of: "://") else { return false }
        return origin[separator.upperBound...] == authority.lowercased()
    }

    /// Whether pages of this origin were named by the operator.
    func names(origin: String) -> Bool {
        origins.contains("*") || origins.contains(origin.lowercased())
    }

    /// The host of an authority, without its port, in lower case.
    static func name(of authority: String) -> String? {
        var rest = authority.lowercased()[...]
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            let behind = rest[rest.index(after: end)...]
            guard behind.isEmpty || (behind.first == ":" && isPort(behind.dropFirst())) else {
                return nil
            }
            return String(rest[...end])
        }
        if let colon = rest.firstIndex(of: ":") {
            guard isPort(rest[rest.index(after: colon)...]) else { return nil }
            rest = rest[..<colon]
        }
        let isWellFormed = rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return rest.isEmpty || !isWellFormed ? nil : String(rest)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39) ~= $0 }
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.first == "[" {
            return name.dropFirst().dropLast().allSatisfy {
                $0.isHexDigit || $0 == ":" || $0 == "."
            }
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
