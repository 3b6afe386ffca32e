// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import HTTPTypes

/// Finds out who makes a request.
struct Authenticator: Sendable {
    let keys: KeyRing
    let tokens: TokenSigner
    /// Takes JWTs besides keys, if there is an issuer.
    let jwt: JWTVerifier?
    /// Serve without keys, if there are none.
    let isInsecure: Bool
    /// The present wall-clock time.
    let now: @Sendable () -> Timestamp

    /// The caller by its API key or JWT, from the headers.
    ///
    /// - Throws: `unauthenticated` without a key, `invalid-key` with one that is not known,
    ///   `invalid-token` or `expired-token` with a JWT that is not taken.
    func caller(_ headers: HTTPFields) async throws(Problem) -> Caller {
        guard let secret = Self.secret(headers) else {
            if isInsecure && keys.isEmpty && jwt == nil { return .anybody }
            throw Problem(
                .unauthenticated,
                "Send an API key as 'X-API-Key: …' or 'Authorization: Bearer …'.")
        }
        return try await caller(secret: secret)
    }

    /// The caller by the text of its key, or by its JWT, which has three parts between dots.
    func caller(secret: String) async throws(Problem) -> Caller {
        if let key = keys.key(for: secret) { return .key(key) }
        if let jwt, secret.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2 {
            return .subject(try await jwt.subject(secret, at: now()))
        }
        throw Problem(.invalidKey, "The API key is not known, or was revoked.")
    }

    /// The caller of a request about one browser: a key in the headers, else a token in the query.
    func caller(
        _ headers: HTTPFields, token: String?, for browser: BrowserID, of owner: String
    ) async throws(Problem) -> Caller {
        if let token, !Self.hasSecret(headers) {
            return .token(try tokens.check(token, for: browser, at: now()), owner: owner)
        }
        return try await caller(headers)
    }

    /// Whether the headers hold a key or a JWT, which then counts before a token in the query.
    static func hasSecret(_ headers: HTTPFields) -> Bool { secret(headers) != nil }

    private static func secret(_ headers: HTTPFields) -> String? {
        if let name = HTTPField.Name("X-API-Key"), let secret = headers[name] {
            return secret.trimmedSpace
        }
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1]).trimmedSpace
    }
}

extension String {
    /// The text without spaces at its ends.
    var trimmedSpace: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
