// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("The setting STORE")
struct StoreAddressTests {
    @Test(
        "is read in all its forms, and shown without secrets",
        arguments: [
            ("memory:", "memory:"), ("sqlite:fleet.db", "sqlite:fleet.db"),
            ("sqlite:/var/lib/fleet.db", "sqlite:/var/lib/fleet.db"),
            ("redis://localhost", "redis://localhost:6379/0"),
            ("redis://:p%40ss@[::1]:7000/3", "redis://[::1]:7000/3"),
            ("rediss://default:secret@eu1.example.io:6380", "rediss://eu1.example.io:6380/0"),
            ("REDIS://10.0.0.5:6379", "redis://10.0.0.5:6379/0"),
            ("10.0.0.5:6379", "redis://10.0.0.5:6379/0"),
            ("cache.example.io:6379", "redis://cache.example.io:6379/0"),
            ("postgres://ann:secret@db/fleet?sslmode=require", "postgres://db/fleet"),
            ("postgresql://db/fleet?password=secret", "postgresql://db/fleet"),
        ])
    func forms(text: String, shown: String) throws {
        #expect(try StoreAddress(text).description == shown)
    }

    @Test(
        "is refused with advice where it is none",
        arguments: [
            "", "memory", "memory:x", "sqlite:", "sqlite://x", "fleet.db", "mysql://db", "redis:",
            "redis://", "redis://h:0", "redis://h:70000", "redis://h/x", "redis://h?a=b",
            "redis://:%zz@h", "postgres:", "postgres://", "host:port", "localhost:",
        ])
    func refused(text: String) {
        #expect(throws: StoreAddressError.self) { try StoreAddress(text) }
    }

    @Test(
        "user and password of Redis come from the address, else from REDIS_PASSWORD",
        arguments: [
            ("redis://h", nil, "r"), ("redis://:a@h", nil, "a"), ("redis://u:a%20b@h", "u", "a b"),
            ("redis://default:a@h", nil, "a"), ("redis://secret@h", nil, "secret"),
            ("h:6379", nil, "r"),
        ] as [(String, String?, String)])
    func credentials(text: String, user: String?, password: String) throws {
        guard case .redis(let address) = try StoreAddress(text, redisPassword: "r") else {
            Issue.record("\(text) is not of Redis")
            return
        }
        #expect(address.user == user)
        #expect(address.password == password)
    }

    @Test("no error repeats what was set, which may hold a secret")
    func noSecretInErrors() {
        for text in ["redis://:hunter2@h:x", "mysql://u:hunter2@h", "redis://:hunter2%@h"] {
            #expect {
                try StoreAddress(text)
            } throws: { !"\($0)".contains("hunter2") }
        }
    }
}
