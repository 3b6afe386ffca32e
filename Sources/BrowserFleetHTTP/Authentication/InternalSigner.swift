// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

package import BrowserFleetAPI
import Crypto
package import HTTPTypes

/// Signs the calls between servers of one fleet, and checks such signatures.
///
/// A signature is HMAC-SHA256 over the method, the target, the time, the digest of the body where
/// there is one to sign, and what a gateway says of its client. It travels as
/// `X-Fleet-Signature: 1 {milliseconds since 1970} {SHA-256 of the body, or -} {code}`, the digest
/// in hexadecimal, the code in URL-safe base64. Keys come as a list: the first signs, all verify, so
/// that a new one can be put behind the old one everywhere before it is put in front.
package struct InternalSigner: Sendable {
    /// The shortest key, in bytes.
    package static let shortestKey = 16
    /// How far a signature's time may be from ours; clocks of servers differ, and a call that
    /// somebody recorded must not be good for ever.
    package static let window = Duration.seconds(60)

    private static let version = "1"
    private static let noBody = "-"

    private let keys: [SymmetricKey]

    /// Creates a signer.
    ///
    /// - Parameter secrets: the keys, the one that signs first.
    /// - Throws: ``HTTPServerError`` when there is none, or one that could be guessed.
    package init(secrets: [String]) throws(HTTPServerError) {
        guard !secrets.isEmpty, secrets.allSatisfy({ $0.utf8.count >= Self.shortestKey }) else {
            throw HTTPServerError(
                .badSetting,
                "INTERNAL_API_KEY must have at least \(Self.shortestKey) characters, each key of a "
                    + "list as well; make one with: openssl rand -hex 32")
        }
        keys = secrets.map { SymmetricKey(data: Array($0.utf8)) }
    }

    /// The headers that make a call one of the fleet's own: what is said of the client, and the
    /// signature. Whatever the client itself sent under these names has to be removed first.
    ///
    /// - Parameters:
    ///   - call: the call, as it goes over the wire.
    ///   - now: the present time.
    /// - Returns: names and values, the signature last.
    package func headers(
        for call: InternalCall, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let digest = call.body.map { SHA256.hash(data: $0).hexadecimal } ?? Self.noBody
        let words = [Self.version, "\(now.millisecondsSince1970)", digest]
        let code = keys.first.map { Base64.encodeForURL(Self.code(call.signed(words), $0)) } ?? ""
        return call.words + [(InternalHeader.signature, (words + [code]).joined(separator: " "))]
    }

    /// Checks the signature of a call that came in.
    ///
    /// - Parameters:
    ///   - method: the method of the request.
    ///   - target: its path with its query, as it came over the wire.
    ///   - fields: its headers.
    ///   - now: the present time.
    /// - Returns: what was signed; `nil` if nothing was.
    /// - Throws: `invalid-signature`.
    package func verify(
        method: String, target: String, _ fields: HTTPFields, at now: Timestamp
    ) throws(Problem) -> VerifiedCall? {
        guard let text = fields.only(InternalHeader.signature) else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == Self.version, let sentAt = Int64(parts[1]),
            let code = Base64.decodeFromURL(parts[3])
        else { throw Problem(.invalidSignature, "The signature is malformed.") }
        let call = InternalCall(method: method, target: target, fields)
        let signed = call.signed(Array(parts[..<3]))
        guard keys.contains(where: { Self.isValid(code, signed, $0) }) else {
            throw Problem(
                .invalidSignature,
                "The signature is not by any INTERNAL_API_KEY of this server.")
        }
        guard Self.times(around: now).contains(sentAt) else {
            throw Problem(
                .invalidSignature,
                "The signature is of \(Timestamp(millisecondsSince1970: sentAt)), too far from "
                    + "\(now) here; set the clocks.")
        }
        return VerifiedCall(call: call, bodyDigest: parts[2] == Self.noBody ? nil : parts[2])
    }

    private static func times(around now: Timestamp) -> ClosedRange<Int64> {
        let window = Self.window.wholeMilliseconds
        return (now.millisecondsSince1970 - window)...(now.millisecondsSince1970 + window)
    }

    private static func code(_ bytes: [UInt8], _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: bytes, using: key)
    }

    // In constant time, which is the library's promise.
    private static func isValid(_ code: [UInt8], _ bytes: [UInt8], _ key: SymmetricKey) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: key)
    }
}

/// The headers of calls between servers; clients' own are never passed on.
package enum InternalHeader {
    /// The signature.
    package static let signature = "X-Fleet-Signature"
    /// `1`: do not wait for a browser to become free, refuse at once.
    package static let noWait = "X-Fleet-No-Wait"
    /// `1`: the browser ends when its client leaves.
    package static let connect = "X-Fleet-Connect"
    /// The address of the client that a gateway speaks for.
    package static let address = "X-Forwarded-For"
    /// The `Host` that this client named.
    package static let host = "X-Forwarded-Host"
    /// How this client reached the gateway: `http` or `https`.
    package static let scheme = "X-Forwarded-Proto"
    /// The path in front of the gateway's own, where clients reach it below one.
    package static let prefix = "X-Forwarded-Prefix"
    /// All of them.
    static let all = [signature, noWait, connect, address, host, scheme, prefix]
}

/// A call to another server of the fleet.
package struct InternalCall: Hashable, Sendable {
    /// The method.
    package var method: String
    /// The path with its query, as it goes over the wire.
    package var target: String
    /// The address of the client that the call is made for; `nil` for a call of a server's own.
    package var address: String?
    /// The `Host` that this client named.
    package var host: String?
    /// How this client came: `http` or `https`.
    package var scheme: String?
    /// The path in front of the gateway's own; `nil` for none.
    package var prefix: String?
    /// Whether the answer must not wait for a browser to become free.
    package var noWait = false
    /// Whether the browser is for one connection, and ends when its client leaves.
    package var endsOnDisconnect = false
    /// A body to sign; `nil` where it passes through unread.
    package var body: [UInt8]?

    /// Creates a call without a body, for nobody else.
    package init(method: String, target: String, body: [UInt8]? = nil) {
        self.method = method
        self.target = target
        self.body = body
    }

    /// Reads what a call says.
    init(method: String, target: String, _ fields: HTTPFields) {
        self.init(method: method, target: target)
        address = fields.only(InternalHeader.address)
        host = fields.only(InternalHeader.host)
        scheme = fields.only(InternalHeader.scheme)
        prefix = fields.only(InternalHeader.prefix)
        noWait = fields.only(InternalHeader.noWait) == "1"
        endsOnDisconnect = fields.only(InternalHeader.connect) == "1"
    }

    /// What the call says besides its signature.
    var words: [(name: String, value: String)] {
        let words = [
            (InternalHeader.address, address), (InternalHeader.host, host),
            (InternalHeader.scheme, scheme), (InternalHeader.prefix, prefix),
            (InternalHeader.noWait, noWait ? "1" : nil),
            (InternalHeader.connect, endsOnDisconnect ? "1" : nil),
        ]
        return words.compactMap { word in word.1.map { (word.0, $0) } }
    }

    /// What is signed, each part behind its length, so that no two calls look the same.
    func signed(_ words: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        let parts = [
            method, target, address ?? "", host ?? "", scheme ?? "", prefix ?? "",
            noWait ? "1" : "", endsOnDisconnect ? "1" : "",
        ]
        for part in words + parts {
            bytes += Array("\(part.utf8.count):".utf8)
            bytes += Array(part.utf8)
        }
        return bytes
    }
}

/// A call whose signature is right: it comes from a server of this fleet.
package struct VerifiedCall: Hashable, Sendable {
    /// What was signed, without the body.
    package var call: InternalCall
    /// SHA-256 of the body in hexadecimal, if it was signed too.
    var bodyDigest: String?

    /// Whether this is the body that was signed. What passed through unread was not, and that is
    /// good enough where it is not required.
    package func vouches(for body: [UInt8], isRequired: Bool = true) -> Bool {
        guard let bodyDigest else { return !isRequired }
        return bodyDigest == SHA256.hash(data: body).hexadecimal
    }
}

extension HTTPFields {
    /// The value of a header that came once; one that came twice is nobody's word.
    func only(_ name: String) -> String? {
        guard let name = HTTPField.Name(name) else { return nil }
        let values = self[values: name]
        return values.count == 1 ? values[0] : nil
    }
}
