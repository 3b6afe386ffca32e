// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A ``ServerName`` as it stands in front of the underscore of a browser ID.
///
/// A dot is written `-` and a hyphen inside a label `--`. Labels neither begin nor end with a
/// hyphen, so a run of hyphens can be read in one way only: one is a dot, an even number is half
/// as many hyphens, and an odd number above one is never written.
///
/// Holds a slice of the text it was decoded from, so taking it from an ID copies nothing. Equal
/// prefixes name equal servers, so this is the key to look a server up by.
public struct ServerPrefix: Hashable, Sendable {
    /// The encoded name, such as `server1-scrapingdog-com`.
    public let text: Substring

    /// Decodes `text`, which must be a whole prefix without an underscore.
    ///
    /// - Throws: ``DecodeError`` for the first fault found.
    public init(decoding text: some StringProtocol) throws(DecodeError) {
        let whole = Substring(text)
        let fault = whole.utf8.withBytes { PrefixScan.fault(in: $0, count: $0.count) }
        if let fault { throw fault }
        self.text = whole
    }

    init(checked text: Substring) {
        self.text = text
    }

    /// Encodes the bytes of a name that is known to be valid.
    init(encoding name: [UInt8]) {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(name.count + 8)
        for byte in name {
            switch byte {
            case ASCII.dot: encoded.append(ASCII.hyphen)
            case ASCII.hyphen: encoded += [ASCII.hyphen, ASCII.hyphen]
            case _: encoded.append(byte)
            }
        }
        self.text = Substring(decoding: encoded, as: UTF8.self)
    }

    /// The name as DNS writes it.
    func decodedText() -> String {
        var name: [UInt8] = []
        name.reserveCapacity(text.utf8.count)
        var run = 0
        for byte in text.utf8 {
            if byte == ASCII.hyphen {
                run += 1
                continue
            }
            if run == 1 {
                name.append(ASCII.dot)
            } else {
                name.append(contentsOf: repeatElement(ASCII.hyphen, count: run / 2))
            }
            run = 0
            name.append(byte)
        }
        return String(decoding: name, as: UTF8.self)
    }
}

extension ServerPrefix: CustomStringConvertible {
    /// The encoded name.
    public var description: String { String(text) }
}
