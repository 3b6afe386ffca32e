// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where a fleet keeps what it must not forget: the setting `STORE`.
///
/// `memory:`, `sqlite:PATH`, `redis://…`, `rediss://…`, `postgres://…` (or `postgresql://…`), or a
/// bare `host:port` of Redis as `REDIS_ENDPOINT` has it.
public enum StoreAddress: Hashable, Sendable {
    /// In this process only; gone with it.
    case memory
    /// A file; a relative path counts from `DATA_DIR`.
    case sqlite(path: String)
    /// A Redis server.
    case redis(RedisAddress)
    /// A PostgreSQL server, as a URL that libpq reads.
    case postgres(url: String)

    /// Reads the setting.
    ///
    /// - Parameters:
    ///   - text: what was set.
    ///   - redisPassword: `REDIS_PASSWORD`, for an address of Redis that has none.
    /// - Throws: ``StoreAddressError`` with how to mend it; never with a secret in it.
    public init(_ text: String, redisPassword: String? = nil) throws(StoreAddressError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw StoreAddressError(Self.forms)
        }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon].lowercased() {
        case "memory":
            guard rest.isEmpty else { throw StoreAddressError("nothing follows memory:") }
            self = .memory
        case "sqlite":
            guard !rest.isEmpty, !rest.hasPrefix("//") else {
                throw StoreAddressError("write sqlite: and a path, such as sqlite:fleet.db")
            }
            self = .sqlite(path: String(rest))
        case "redis":
            self = .redis(try RedisAddress(rest, usesTLS: false, password: redisPassword))
        case "rediss":
            self = .redis(try RedisAddress(rest, usesTLS: true, password: redisPassword))
        case "postgres", "postgresql":
            guard rest.hasPrefix("//"), rest.count > 2 else {
                throw StoreAddressError("write postgres://user:password@host:5432/database")
            }
            self = .postgres(url: text)
        case _ where !rest.isEmpty && rest.utf8.allSatisfy(ASCII.isDigit):
            self = .redis(try RedisAddress("//\(text)", usesTLS: false, password: redisPassword))
        case _:
            throw StoreAddressError(Self.forms)
        }
    }

    /// Whether several servers can share it.
    public var isShared: Bool {
        switch self {
        case .memory, .sqlite: false
        case .redis, .postgres: true
        }
    }

    private static let forms =
        "a store is memory:, sqlite:PATH, redis://HOST, rediss://HOST or postgres://HOST/DATABASE"
}

extension StoreAddress: CustomStringConvertible {
    /// The address without user and password, for logs.
    public var description: String {
        switch self {
        case .memory: "memory:"
        case .sqlite(let path): "sqlite:\(path)"
        case .redis(let address): address.description
        case .postgres(let url): Self.withoutSecrets(url)
        }
    }

    // A password may stand in front of the host or in the query.
    private static func withoutSecrets(_ url: String) -> String {
        let scheme = url.prefix { $0 != ":" }
        let authority = url.dropFirst(scheme.count + 3).prefix { $0 != "?" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
        return "\(scheme)://\(host ?? authority)"
    }
}

/// What is wrong with an address of a store, and how to mend it.
public struct StoreAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In one line for people.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
