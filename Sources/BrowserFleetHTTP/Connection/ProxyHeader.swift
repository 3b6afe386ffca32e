// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What a proxy says of the client in front of the client's own bytes: the PROXY protocol, text
/// (version 1) and binary (version 2), <https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt>.
enum ProxyHeader: Equatable {
    /// The bytes so far may yet become a header.
    case incomplete
    /// There is none; the bytes are the client's.
    case absent
    /// It begins as a header and is none.
    case malformed
    /// The client's address, `nil` for a connection of the proxy's own, and the header's length.
    case present(IPAddress?, length: Int)

    private static let text = Array("PROXY ".utf8)
    private static let binary: [UInt8] = [
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
    ]
    private static let longestText = 107
    private static let longestBinary = 16 + 2048

    /// Reads the header at the beginning of a connection.
    init(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.longestBinary))
        if bytes.starts(with: Self.text) {
            self = Self.readText(bytes)
        } else if bytes.starts(with: Self.binary) {
            self = Self.readBinary(bytes)
        } else if Self.text.starts(with: bytes) || Self.binary.starts(with: bytes) {
            self = .incomplete
        } else {
            self = .absent
        }
    }

    private static func readText(_ bytes: [UInt8]) -> ProxyHeader {
        guard let end = bytes.firstIndex(of: 0x0a) else {
            return bytes.count < longestText ? .incomplete : .malformed
        }
        guard end < longestText, bytes[end - 1] == 0x0d else { return .malformed }
        let words = bytes[..<(end - 1)].split(separator: 0x20, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        switch words.dropFirst().first {
        case "UNKNOWN": return .present(nil, length: end + 1)
        case "TCP4", "TCP6":
            guard words.count == 6, let source = IPAddress(words[2]) else { return .malformed }
            return .present(source, length: end + 1)
        default: return .malformed
        }
    }

    private static func readBinary(_ bytes: [UInt8]) -> ProxyHeader {
        guard bytes.count >= 16 else { return .incomplete }
        let length = 16 + (Int(bytes[14]) << 8 | Int(bytes[15]))
        guard length <= longestBinary, bytes[12] >> 4 == 2 else { return .malformed }
        guard bytes.count >= length else { return .incomplete }
        switch (bytes[12] & 0x0f, bytes[13] >> 4) {
        case (0, _), (1, 0), (1, 3): return .present(nil, length: length)
        case (1, 1) where length >= 16 + 12:
            let bits = bytes[16..<20].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return .present(.v4(bits), length: length)
        case (1, 2) where length >= 16 + 36:
            let bits = bytes[16..<32].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            return .present(.v6(bits), length: length)
        default: return .malformed
        }
    }
}
