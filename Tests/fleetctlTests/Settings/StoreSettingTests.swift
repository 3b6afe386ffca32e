// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

@Suite("The setting STORE and its other names")
struct StoreSettingTests {
    private static func read(_ text: String, from place: String) throws -> String {
        let setting = try #require(SettingsCatalogue[.store])
        return try SettingReader.read(text, for: setting, from: place).description
    }

    @Test(
        "is read under each of its names",
        arguments: [
            ("STORE", "sqlite:fleet.db", "sqlite:fleet.db"),
            ("REDIS_URL", "redis://redis-cluster:6379", "redis://redis-cluster:6379"),
            ("UPSTASH_REDIS_URL", "rediss://x@x.upstash.io:6379", "rediss://x@x.upstash.io:6379"),
            ("REDIS_ENDPOINT", "cache.example.com", "redis://cache.example.com"),
            ("REDIS_ENDPOINT", "cache.example.com:6380", "redis://cache.example.com:6380"),
            ("DATABASE_URL", "postgres://u:p@db/fleet", "postgres://u:p@db/fleet"),
        ])
    func names(place: String, text: String, value: String) throws {
        #expect(try Self.read(text, from: place) == value)
    }

    @Test("an address that is none stops the start with a line that names it, without its secret")
    func refused() {
        #expect {
            try Self.read("redis://:hunter2@host:port", from: "STORE")
        } throws: { error in
            "\(error)".hasPrefix("STORE: ") && !"\(error)".contains("hunter2")
        }
    }
}
