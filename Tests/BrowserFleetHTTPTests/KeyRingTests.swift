// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@testable import BrowserFleetHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("keys are kept hashed, and change under a running server")
struct KeyRingTests {
    private let moment = Timestamp(millisecondsSince1970: 1_800_000_000_000)

    private func ring(_ path: String, _ clock: ManualClock = ManualClock()) throws -> KeyRing {
        try KeyRing(path: path, now: { clock.now })
    }

    @Test("a key is made, found, listed and revoked")
    func life() throws {
        let folder = try TemporaryFolder()
        let ring = try ring(folder.path("keys.json"))
        #expect(ring.isEmpty)
        let limits = KeyLimits(concurrentBrowsers: 2, createsPerMinute: 30, priorityCap: .normal)
        let made = try ring.create(
            name: "ci", scopes: [.browsers, .view], limits: limits, createdAt: moment)
        #expect(made.secret.hasPrefix("bf_") && made.secret.utf8.count == 46)
        #expect(ring.key(for: made.secret) == made.key)
        #expect(ring.key(for: made.secret + "x") == nil)
        #expect(ring.key(for: made.key.hash) == nil)
        #expect(ring.keys.map(\.limits) == [limits])
        #expect(try ring.revoke("ci") == made.key)
        #expect(ring.key(for: made.secret) == nil)
    }

    @Test("the file holds no key, is for its owner only, and is read back whole")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("keys.json")
        let made = try ring(path).create(name: "ci", scopes: [.admin], createdAt: moment)
        let text = String(decoding: try PrivateFile.contents(of: path) ?? [], as: UTF8.self)
        #expect(!text.contains(made.secret) && text.contains(made.key.hash))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect("\(attributes[.posixPermissions] ?? "none")" == "\(0o600)")
        #expect(try ring(path).key(for: made.secret) == made.key)
    }

    @Test("what another process changes counts a second later")
    func reload() throws {
        let folder = try TemporaryFolder()
        let (path, clock) = (folder.path("keys.json"), ManualClock())
        let (server, tool) = (try ring(path, clock), try ring(path))
        let made = try tool.create(name: "new", scopes: [.browsers], createdAt: moment)
        #expect(server.key(for: made.secret) == nil)
        clock.advance(by: .seconds(1))
        #expect(server.key(for: made.secret) != nil)
        try tool.revoke("new")
        clock.advance(by: .seconds(1))
        #expect(server.key(for: made.secret) == nil)
    }

    @Test("a file that breaks under a running server locks nobody out")
    func broken() throws {
        let folder = try TemporaryFolder()
        let (path, clock) = (folder.path("keys.json"), ManualClock())
        let server = try ring(path, clock)
        let made = try server.create(name: "a", scopes: [.browsers], createdAt: moment)
        try PrivateFile.replace(path, with: Array("{".utf8))
        clock.advance(by: .seconds(2))
        #expect(server.key(for: made.secret) != nil)
        #expect(throws: KeyRingError.self) { try ring(path) }
    }

    @Test(
        "names are printable and unique",
        arguments: ["", "a\nb", "ü", String(repeating: "x", count: 65), "taken"])
    func names(_ name: String) throws {
        let folder = try TemporaryFolder()
        let ring = try ring(folder.path("keys.json"))
        _ = try ring.create(name: "taken", scopes: [.browsers], createdAt: moment)
        #expect(throws: KeyRingError.self) {
            try ring.create(name: name, scopes: [.browsers], createdAt: moment)
        }
    }

    @Test("the first start makes one key and leaves it for the tools, the second makes none")
    func firstStart() throws {
        let folder = try TemporaryFolder()
        let ring = try ring(folder.path("keys.json"))
        let secretPath = folder.path("local-key")
        let made = try #require(
            try ring.createFirstKey(secretPath: secretPath, createdAt: moment))
        #expect(made.key.allows(.admin))
        #expect(try KeyRing.firstKeySecret(at: secretPath) == made.secret)
        #expect(try ring.createFirstKey(secretPath: secretPath, createdAt: moment) == nil)
        #expect(try KeyRing.firstKeySecret(at: folder.path("none")) == nil)
    }

    @Test("keys of the settings have every scope and are never written")
    func settingsKeys() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("keys.json")
        let ring = try KeyRing(
            path: path, adminSecrets: ["from-the-settings"], now: { .origin })
        #expect(ring.key(for: "from-the-settings")?.allows(.jobs) == true)
        _ = try ring.create(name: "a", scopes: [.browsers], createdAt: moment)
        let text = String(decoding: try PrivateFile.contents(of: path) ?? [], as: UTF8.self)
        #expect(!text.contains("settings"))
    }

    @Test("a folder that is not there is one clear line")
    func unwritable() throws {
        let ring = try ring("/nonexistent/keys.json")
        #expect(throws: KeyRingError.self) {
            try ring.create(name: "a", scopes: [.browsers], createdAt: moment)
        }
    }
}
