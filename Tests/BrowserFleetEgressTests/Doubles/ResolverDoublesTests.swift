// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetEgress

@Suite struct ResolverDoublesTests {
    @Test("the controllable resolver gives its answers in order and keeps the last")
    func scripted() async throws {
        let resolver = ControllableResolver([
            "a": [.addresses(["1.1.1.1"]), .failure(.unavailable), .addresses(["2.2.2.2"])]
        ])
        #expect(try await resolver.resolve("a").map(\.description) == ["1.1.1.1"])
        await #expect(throws: ResolutionError.unavailable) { try await resolver.resolve("a") }
        #expect(try await resolver.resolve("a").map(\.description) == ["2.2.2.2"])
        #expect(try await resolver.resolve("a").map(\.description) == ["2.2.2.2"])
        await #expect(throws: ResolutionError.notFound) { try await resolver.resolve("b") }
        #expect(resolver.asked == ["a", "a", "a", "a", "b"])
    }

    @Test("the unimplemented resolver fails the test that asks it")
    func unimplemented() async {
        await withKnownIssue {
            _ = try await UnimplementedResolver().resolve("x")
        }
    }

    @Test("the system's resolver reads the hosts file and says what is not there")
    func live() async throws {
        let resolver = SystemNameResolver()
        let found = try await resolver.resolve("localhost")
        #expect(found.contains { ["127.0.0.1", "::1"].contains($0.description) })
        await #expect(throws: ResolutionError.self) {
            try await resolver.resolve("no spaces.in names")
        }
    }
}
