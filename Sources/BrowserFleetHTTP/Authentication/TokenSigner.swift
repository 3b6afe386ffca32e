// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
public import BrowserFleetCore
import Crypto

/// Makes and checks the expiring tokens in `wss` URLs.
///
/// A token is good for one browser and one scope until a moment: version, scope and expiry in ten
/// bytes, then HMAC-SHA256 over these and the browser's ID, all in URL-safe base64. Nothing of it
/// is kept, so tokens cost no memory and cannot be listed.
public struct TokenSigner: Sendable {
    private static let version: UInt8 = 1
    private static let payloadLength = 10
    private static let length = 42

    private let key: SymmetricKey

    /// Creates a signer.
    ///
    /// - Parameter secret: at least 32 random bytes. Whoever has them can drive every browser.
    public init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    /// Creates a signer whose tokens end with this process.
    public static func forThisProcess() -> TokenSigner {
        TokenSigner(secret: KeyRing.randomBytes(32))
    }

    /// Opens the secret of a data folder, or makes it at the first start.
    ///
    /// - Throws: ``KeyRingError`` when the file cannot be read or written.
    public static func kept(at path: String) throws(KeyRingError) -> TokenSigner {
        if let secret = try PrivateFile.contents(of: path) {
            guard secret.count >= 32 else {
                throw KeyRingError(
                    .unreadable, "\(path) is too short to be a secret; remove it.")
            }
            return TokenSigner(secret: secret)
        }
        let secret = KeyRing.randomBytes(32)
        try PrivateFile.replace(path, with: secret)
        return TokenSigner(secret: secret)
    }

    /// Makes a token.
    ///
    /// - Parameters:
    ///   - browser: the browser it is good for.
    ///   - scope: what it allows.
    ///   - expiresAt: until when.
    /// - Returns: 56 characters that need no escaping in a URL.
    public func token(
        for browser: BrowserID, scope: TokenScope, expiresAt: Timestamp
    ) -> String {
        var payload: [UInt8] = [Self.version, Self.byte(of: scope)]
        let expiry = UInt64(bitPattern: expiresAt.millisecondsSince1970)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            payload.append(UInt8(truncatingIfNeeded: expiry >> shift))
        }
        let code = HMAC<SHA256>.authenticationCode(
            for: payload + Array(browser.text.utf8), using: key)
        return Base64.encodeForURL(payload + Array(code))
    }

    /// Checks a token.
    ///
    /// - Parameters:
    ///   - token: what came in the URL.
    ///   - browser: the browser that the URL names.
    ///   - now: the present time.
    /// - Returns: what it allows.
    /// - Throws: a problem, `invalid-token` or `expired-token`.
    public func check(
        _ token: String, for browser: BrowserID, at now: Timestamp
    ) throws(Problem) -> TokenScope {
        guard let bytes = payload(token, of: browser), let scope = Self.scope(of: bytes[1]) else {
            throw Problem(.invalidToken, "The token is not one of this browser.")
        }
        let expiry = bytes[2..<Self.payloadLength].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let expiresAt = Timestamp(millisecondsSince1970: Int64(bitPattern: expiry))
        guard now < expiresAt else {
            throw Problem(
                .expiredToken,
                "The token expired at \(expiresAt); make another with POST /browsers/:id/tokens.")
        }
        return scope
    }

    /// Whether a token was made for a browser, expired or not.
    func isToken(_ token: String, of browser: BrowserID) -> Bool {
        payload(token, of: browser) != nil
    }

    /// What a token says, if it was made here for `browser`.
    private func payload(_ token: String, of browser: BrowserID) -> ArraySlice<UInt8>? {
        guard token.utf8.count == 56, let bytes = Base64.decodeFromURL(token),
            bytes.count == Self.length, bytes[0] == Self.version,
            HMAC<SHA256>.isValidAuthenticationCode(
                bytes[Self.payloadLength...],
                authenticating: bytes[..<Self.payloadLength] + Array(browser.text.utf8),
                using: key)
        else { return nil }
        return bytes[..<Self.payloadLength]
    }

    private static func byte(of scope: TokenScope) -> UInt8 {
        switch scope {
        case .control: 1
        case .view: 2
        }
    }

    private static func scope(of byte: UInt8) -> TokenScope? {
        switch byte {
        case 1: .control
        case 2: .view
        default: nil
        }
    }
}
