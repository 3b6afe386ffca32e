// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import JWTKit
import Logging
import Synchronization

/// Takes JWTs: those signed with the secret, and those of the keys in the JWKS file, which is read
/// again when it has changed.
final class JWTVerifier: Sendable {
    private struct State {
        var secret: JWTKey?
        var keys: [String: JWTKey] = [:]
        var stamp: PrivateFile.Stamp?
        var checkedAt: FleetInstant?
    }

    private static let pace = Duration.seconds(1)

    private let rules: HTTPConfiguration.JWT
    private let now: @Sendable () -> FleetInstant
    private let logger: Logger
    private let state = Mutex(State())

    /// Creates a verifier that takes nothing until it has loaded its keys.
    ///
    /// - Parameters:
    ///   - rules: whose tokens are taken.
    ///   - now: a monotonic clock, for the pace of looking at the file.
    ///   - logger: hears of keys that cannot be used.
    init(
        _ rules: HTTPConfiguration.JWT, now: @escaping @Sendable () -> FleetInstant, logger: Logger
    ) {
        self.rules = rules
        self.now = now
        self.logger = logger
    }

    /// Reads the keys.
    ///
    /// - Throws: `bad-setting` with the file; the keys stay as they were.
    func load() async throws(HTTPServerError) {
        var secret: JWTKey?
        if let text = rules.secret { secret = await JWTKey(secret: text) }
        let stamp = rules.keysPath.flatMap(PrivateFile.stamp)
        var keys: [String: JWTKey] = [:]
        if let path = rules.keysPath {
            let file = try await JWTKeyFile(path: path)
            for line in file.skipped { logger.warning("JWT_JWKS_FILE: \(line)") }
            keys = file.keys
        }
        let (loadedSecret, loadedKeys, instant) = (secret, keys, now())
        state.withLock { state in
            state = State(
                secret: loadedSecret, keys: loadedKeys, stamp: stamp, checkedAt: instant)
        }
    }

    /// The holder of a token.
    ///
    /// - Throws: `expired-token` or `invalid-token`, with what is wrong.
    func subject(_ token: String, at time: Timestamp) async throws(Problem) -> JWTSubject {
        await reloadIfChanged()
        let header = try Self.header(token)
        guard header.fields["crit"] == nil else {
            throw JWTClaims.fault("'crit' asks for what is not known")
        }
        let key = try key(header.kid)
        guard header.alg == key.algorithm else {
            throw JWTClaims.fault("'alg' is not that of the key")
        }
        let claims: JWTClaims
        do {
            claims = try await key.claims(token)
        } catch {
            throw JWTClaims.fault("its signature or its claims cannot be read")
        }
        return try claims.subject(rules, at: time)
    }

    private func key(_ id: String?) throws(Problem) -> JWTKey {
        let (secret, known) = state.withLock { state in
            (state.secret, id.flatMap { state.keys[$0] })
        }
        if let known { return known }
        // Issuers of HS256 often give their one secret a name.
        if let secret, id == nil || rules.keysPath == nil { return secret }
        throw JWTClaims.fault(id == nil ? "it names no key" : "its key is not known")
    }

    private static func header(_ token: String) throws(Problem) -> JWTHeader {
        do {
            return try DefaultJWTParser().parse(Array(token.utf8), as: JWTClaims.self).header
        } catch {
            throw JWTClaims.fault("it cannot be read")
        }
    }

    private func reloadIfChanged() async {
        guard let path = rules.keysPath else { return }
        let instant = now()
        let isDue = state.withLock { state in
            if let last = state.checkedAt, last.duration(to: instant) < Self.pace { return false }
            state.checkedAt = instant
            return true
        }
        guard isDue, PrivateFile.stamp(path) != state.withLock(\.stamp) else { return }
        do throws(HTTPServerError) {
            try await load()
            logger.notice("JWT_JWKS_FILE was read again")
        } catch {
            // A file that is broken for a moment must not lock everybody out.
            logger.warning("\(error.message) The keys stay as they were.")
        }
    }
}
