// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import JWTKit

/// One key that verifies JWTs, with the one algorithm it is for.
///
/// `JWTKeyCollection` answers an unknown key ID with its default key, and takes the algorithm that
/// the token names where the key names none; so each key is kept in a collection of its own.
struct JWTKey: Sendable {
    /// The `alg` that a token of this key must have.
    var algorithm: String
    private let key = JWTKeyCollection()

    /// The key of HS256.
    init(secret: String) async {
        algorithm = "HS256"
        await key.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    /// A key of a JWKS.
    ///
    /// - Throws: what is wrong with it, as a text for people.
    init(_ text: String) async throws {
        var jwk = try JWK(json: text)
        guard let algorithm = jwk.algorithm ?? Self.algorithm(of: jwk) else {
            throw JWTError.invalidJWK(reason: "it names no algorithm, and its type suggests none")
        }
        jwk.algorithm = algorithm
        self.algorithm = algorithm.rawValue
        try await key.add(jwk: jwk)
    }

    /// Checks the signature of a token.
    func claims(_ token: String) async throws -> JWTClaims {
        try await key.verify(token, as: JWTClaims.self)
    }

    private static func algorithm(of jwk: JWK) -> JWK.Algorithm? {
        switch (jwk.keyType.rawValue, jwk.curve?.rawValue) {
        case ("RSA", _): .rs256
        case ("EC", "P-256"): .es256
        case ("EC", "P-384"): .es384
        case ("EC", "P-521"): .es512
        case ("OKP", _): .eddsa
        default: nil
        }
    }
}

/// The keys of a JWKS file (RFC 7517). A key that cannot be used is left out and named: one odd key
/// of an issuer must not lock everybody out.
struct JWTKeyFile: Sendable {
    /// The keys by their IDs.
    var keys: [String: JWTKey] = [:]
    /// What was left out, and why; for the log.
    var skipped: [String] = []

    /// Reads a file.
    ///
    /// - Throws: `bad-setting` when it is not there or is no JWKS at all.
    init(path: String) async throws(HTTPServerError) {
        let entries = try Self.entries(path)
        for (index, entry) in entries.enumerated() {
            guard let id = entry["kid"]?.string, !id.isEmpty else {
                skipped.append("key \(index + 1) has no 'kid'")
                continue
            }
            guard entry["use"]?.string ?? "sig" == "sig" else {
                skipped.append("key '\(id)' is not for signatures")
                continue
            }
            guard keys[id] == nil else {
                skipped.append("key '\(id)' is there twice; the first one counts")
                continue
            }
            do {
                keys[id] = try await JWTKey(entry.text)
            } catch {
                skipped.append("key '\(id)' cannot be used: \(Self.reason(error))")
            }
        }
    }

    private static func entries(_ path: String) throws(HTTPServerError) -> [JSONTree] {
        func fault(_ reason: String) -> HTTPServerError {
            HTTPServerError(.badSetting, "JWT_JWKS_FILE: \(path) \(reason).")
        }
        let contents: [UInt8]?
        do throws(KeyRingError) {
            contents = try PrivateFile.contents(of: path)
        } catch {
            throw fault("cannot be read: \(error.message)")
        }
        guard let bytes = contents else { throw fault("is not there") }
        let tree: JSONTree
        do throws(JSONFault) {
            tree = try JSONParser.parse(bytes)
        } catch {
            throw fault("is not JSON: \(error)")
        }
        guard case .array(let entries)? = tree["keys"] else { throw fault("has no list 'keys'") }
        return entries
    }

    /// What is wrong with a key, without the key.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as JWTError: error.reason ?? "\(error.errorType)"
        case is DecodingError: "its type or algorithm is not known"
        default: "its numbers make no key"
        }
    }
}
