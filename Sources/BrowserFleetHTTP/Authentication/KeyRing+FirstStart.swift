// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI

extension KeyRing {
    /// Makes the key that a first start on loopback needs, and leaves its text in a file for the
    /// tools on the same machine.
    ///
    /// - Parameters:
    ///   - secretPath: where the text goes, with mode 0600.
    ///   - createdAt: the present time.
    /// - Returns: the new key; `nil` if the ring has keys already.
    /// - Throws: ``KeyRingError``.
    public func createFirstKey(
        secretPath: String, createdAt: Timestamp
    ) throws(KeyRingError) -> NewKey? {
        guard isEmpty else { return nil }
        let new = try create(name: "local", scopes: Set(KeyScope.allCases), createdAt: createdAt)
        try PrivateFile.replace(secretPath, with: Array((new.secret + "\n").utf8))
        return new
    }

    /// The text of the key that a first start left; `nil` if there is none.
    public static func firstKeySecret(at path: String) throws(KeyRingError) -> String? {
        guard let bytes = try PrivateFile.contents(of: path) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
