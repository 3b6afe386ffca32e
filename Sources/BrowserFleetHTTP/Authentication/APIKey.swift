// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
public import BrowserFleetCore
import Crypto

/// An API key as the server keeps it: everything but the key itself.
public struct APIKey: Hashable, Sendable {
    /// Names the key in logs, answers and as the owner of what it makes; not a secret.
    public var id: String
    /// What its maker called it; unique among the keys of a ring.
    public var name: String
    /// SHA-256 of the key's text, in hexadecimal.
    ///
    /// One round is enough: a key has 256 random bits, so there is nothing to guess.
    public var hash: String
    /// What it allows.
    public var scopes: Set<KeyScope>
    /// What it may take.
    public var limits: KeyLimits
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates a key from its parts.
    public init(
        id: String, name: String, hash: String, scopes: Set<KeyScope>, limits: KeyLimits,
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.limits = limits
        self.createdAt = createdAt
    }

    /// Whether the key allows `scope`; `admin` allows everything.
    public func allows(_ scope: KeyScope) -> Bool {
        scopes.contains(scope) || scopes.contains(.admin)
    }

    /// The hash by which a key's text is looked up.
    static func hash(of secret: String) -> String {
        SHA256.hash(data: Array(secret.utf8)).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal digits.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
