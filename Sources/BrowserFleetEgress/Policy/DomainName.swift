// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a host name may look like, and which names mean something without any resolver.
enum DomainName {
    /// Whether `name` is at most 253 bytes of dot-separated labels of 1 to 63 lower-case letters,
    /// digits, hyphens and underscores (RFC 1123, and the underscores that real hosts have).
    static func isWellFormed(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isLabelByte)
        }
    }

    /// Whether a resolver would take `name` for a number (`2130706433`, `0x7f.1`, `0177.0.0.1`):
    /// its last label is decimal or hexadecimal (the rule of the URL standard, section 3.5).
    static func endsInNumber(_ name: String) -> Bool {
        guard let label = name.split(separator: ".").last else { return false }
        if label.utf8.allSatisfy({ (0x30...0x39) ~= $0 }) { return true }
        guard label.hasPrefix("0x") else { return false }
        return label.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    /// What a name means before anyone resolves it: this host, or a cloud's metadata service.
    static func knownRefusal(_ name: String) -> EgressRefusal? {
        if name == "localhost" || name.hasSuffix(".localhost") { return .loopback }
        if loopbackNames.contains(name) { return .loopback }
        return metadataNames.contains(name) ? .metadata : nil
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }

    private static let loopbackNames: Set<String> = [
        "localhost.localdomain", "localhost6", "localhost6.localdomain6", "ip6-localhost",
        "ip6-loopback",
    ]

    private static let metadataNames: Set<String> = [
        "metadata", "metadata.google.internal", "metadata.goog", "instance-data",
        "instance-data.ec2.internal", "metadata.tencentyun.com",
    ]
}
