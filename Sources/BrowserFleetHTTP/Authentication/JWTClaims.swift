// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import JWTKit

/// What a JWT says, as far as it matters here (RFC 7519 section 4.1, RFC 8693 section 4.2).
struct JWTClaims: JWTPayload, Equatable {
    /// The holder.
    var sub: String?
    /// Seconds since 1970 from which on it is worth nothing.
    var exp: Double?
    /// Seconds since 1970 before which it is worth nothing yet.
    var nbf: Double?
    var iss: String?
    var aud: Words?
    var scope: Words?

    /// One word or several: `aud` is a text or a list, `scope` a text with spaces, and a list with
    /// some issuers.
    struct Words: Codable, Hashable, Sendable {
        var words: [String]

        init(_ words: [String]) { self.words = words }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                words = [text]
            } else {
                words = try container.decode([String].self)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(words)
        }
    }

    /// Nothing: ``subject(_:at:)`` judges the claims, by a clock that is passed in.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// The holder, if the claims hold.
    ///
    /// - Parameters:
    ///   - rules: whose tokens these must be.
    ///   - now: the present time.
    /// - Returns: who it is, and with which scopes.
    /// - Throws: `expired-token` or `invalid-token`, with the claim that is wrong.
    func subject(
        _ rules: HTTPConfiguration.JWT, at now: Timestamp
    ) throws(Problem) -> JWTSubject {
        let seconds = Double(now.millisecondsSince1970) / 1000
        guard let exp else { throw Self.fault("it has no 'exp'; tokens must expire") }
        guard seconds < exp else {
            throw Problem(.expiredToken, "The JWT has expired; ask its issuer for another.")
        }
        guard seconds >= nbf ?? 0 else { throw Self.fault("'nbf' is still to come") }
        if let issuer = rules.issuer, iss != issuer { throw Self.fault("'iss' is another issuer") }
        if let audience = rules.audience, aud?.words.contains(audience) != true {
            throw Self.fault("'aud' does not name this service")
        }
        guard let sub, (1...256).contains(sub.utf8.count),
            sub.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else { throw Self.fault("'sub' must name its holder in 1 to 256 bytes") }
        let words = (scope?.words ?? []).flatMap { $0.split(separator: " ") }
        return JWTSubject(
            name: sub, scopes: Set(words.compactMap { KeyScope(rawValue: String($0)) }))
    }

    /// The problem of a token that is not taken.
    static func fault(_ reason: String) -> Problem {
        Problem(.invalidToken, "The JWT is not valid: \(reason).")
    }
}

/// The holder of a JWT.
struct JWTSubject: Hashable, Sendable {
    /// The `sub` of the token.
    var name: String
    /// Those of its scopes that are ours.
    var scopes: Set<KeyScope>

    /// The owner of what it makes. No API key's ID begins like this, so a `sub` cannot pose as one.
    var owner: String { "jwt:" + name }

    /// Whether the token allows `scope`; `admin` allows everything.
    func allows(_ scope: KeyScope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }
}
