// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension EgressRule {
    /// Reads one entry: `host`, `host:port`, `*.suffix`, an address, `CIDR`, any of them with
    /// `:port`, IPv6 with a port in brackets (`[::1]:8080`, `[fd00::/8]:443`).
    public static func parse(_ entry: String) throws(EgressRuleError) -> EgressRule {
        try refuseForeignForms(entry)
        if let rule = try bareV6(entry) { return rule }
        guard let parts = HostAndPort(entry) ?? bracketedBlock(entry), parts.port != 0 else {
            throw EgressRuleError(entry, "the port must be a number from 1 to 65535")
        }
        return EgressRule(pattern: try pattern(parts.host, in: entry), port: parts.port)
    }

    /// Reads a list separated by commas or white space; an empty list allows nothing extra.
    public static func parse(list: String) throws(EgressRuleError) -> [EgressRule] {
        var rules: [EgressRule] = []
        for entry in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            rules.append(try parse(String(entry)))
        }
        return rules
    }

    private static func refuseForeignForms(_ entry: String) throws(EgressRuleError) {
        guard !entry.isEmpty else { throw EgressRuleError(entry, "an entry is empty; remove it") }
        if entry.contains("://") {
            throw EgressRuleError(entry, "write the host without a scheme, like host:port")
        }
        if entry == "*" || entry == "*." || entry.hasPrefix("*:") {
            throw EgressRuleError(
                entry, "this would open everything; name hosts, or write 0.0.0.0/0 and ::/0")
        }
        if entry.contains("@") {
            throw EgressRuleError("…", "an entry has no user or password; write only the host")
        }
    }

    /// An IPv6 address or block without brackets, which can have no port.
    private static func bareV6(_ entry: String) throws(EgressRuleError) -> EgressRule? {
        guard entry.first != "[", entry.utf8.count(where: { $0 == 0x3a }) > 1 else { return nil }
        return EgressRule(pattern: try addressPattern(entry, in: entry), port: nil)
    }

    /// `[fd00::/8]:443` is `HostAndPort` already; this only keeps `[10.0.0.0/8]:80` from being
    /// taken for a bad port.
    private static func bracketedBlock(_ entry: String) -> HostAndPort? {
        guard entry.first == "[", let end = entry.firstIndex(of: "]") else { return nil }
        let inside = entry[entry.index(after: entry.startIndex)..<end]
        return HostAndPort(inside + entry[entry.index(after: end)...])
    }

    private static func pattern(
        _ host: String, in entry: String
    ) throws(EgressRuleError) -> HostPattern {
        if host.contains("/") || IPAddress(host) != nil || host.contains(":") {
            return try addressPattern(host, in: entry)
        }
        var name = host.lowercased()
        let isSuffix = name.hasPrefix("*.")
        if isSuffix { name.removeFirst(2) }
        if name.hasSuffix(".") { name.removeLast() }
        guard !name.contains("*") else {
            throw EgressRuleError(entry, "a star stands only at the front, like *.example.com")
        }
        guard DomainName.isWellFormed(name) else {
            throw EgressRuleError(entry, "this is no host name; write it in ASCII (punycode)")
        }
        guard !DomainName.endsInNumber(name) else {
            throw EgressRuleError(entry, "write the address as four decimal numbers, like 10.1.2.3")
        }
        return isSuffix ? .suffix(name) : .name(name)
    }

    private static func addressPattern(
        _ text: String, in entry: String
    ) throws(EgressRuleError) -> HostPattern {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else {
            throw EgressRuleError(
                entry, "this is no address or block; write one like 10.0.0.0/8 or [fd00::1]:443")
        }
        guard parts.count == 2 else { return .network(IPNetwork(only: address.canonical)) }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39) ~= $0 }), let length = Int(parts[1]),
            let network = IPNetwork(containing: address, prefixLength: length)
        else {
            throw EgressRuleError(
                entry, "the prefix length must be a number from 0 to \(address.bitWidth)")
        }
        guard network.first == address else {
            throw EgressRuleError(entry, "bits are set after the prefix; write \(network)")
        }
        return .network(network)
    }
}
