// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension HTTPConfiguration {
    /// Who issues the JWTs that are taken besides API keys.
    public struct JWT: Sendable, Hashable {
        /// The fewest characters of a secret: as many bits as HMAC-SHA256 has, and some to spare.
        public static let shortestSecret = 32

        /// The secret of HS256; `nil` takes no such tokens.
        public let secret: String?
        /// A JWKS file (RFC 7517) with the issuer's public keys; read again when it changes.
        public let keysPath: String?
        /// The `iss` that a token must have.
        public let issuer: String?
        /// An `aud` that a token must have.
        public let audience: String?

        /// Names the issuer.
        ///
        /// - Throws: ``HTTPServerError`` with code `bad-setting` for a secret of fewer than
        ///   ``shortestSecret`` characters, and when there is neither a secret nor a file.
        public init(
            secret: String? = nil, keysPath: String? = nil, issuer: String? = nil,
            audience: String? = nil
        ) throws(HTTPServerError) {
            guard secret != nil || keysPath != nil else {
                throw HTTPServerError(
                    .badSetting,
                    "JWT_ISSUER and JWT_AUDIENCE need JWT_SECRET or JWT_JWKS_FILE beside them.")
            }
            if let secret, secret.count < Self.shortestSecret {
                throw HTTPServerError(
                    .badSetting,
                    "JWT_SECRET needs at least \(Self.shortestSecret) characters; make one with "
                        + "'openssl rand -hex 32'.")
            }
            self.secret = secret
            self.keysPath = keysPath
            self.issuer = issuer
            self.audience = audience
        }
    }
}
