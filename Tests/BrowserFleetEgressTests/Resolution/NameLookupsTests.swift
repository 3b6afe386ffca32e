// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct NameLookupsTests {
    /// Answers what it knows and is silent about every other name.
    private struct HalfDeaf: NameResolver {
        let known: ControllableResolver
        let silent: SilentResolver

        func resolve(_ host: String) async throws -> [IPAddress] {
            try await host.hasPrefix("stuck")
                ? silent.resolve(host) : known.resolve(host)
        }
    }

    private let silent = SilentResolver()

    private func lookups(_ bounds: LookupTurns.Bounds = .init()) -> NameLookups {
        let known = ControllableResolver(["a.example": "1.1.1.1"])
        return NameLookups(resolver: HalfDeaf(known: known, silent: silent), bounds: bounds)
    }

    @Test("relays share a resolver, and each gets its own answers")
    func answers() async throws {
        let lookups = lookups(.init(shared: 0, running: 1, waiting: 64))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                let relay = lookups.newRelay()
                group.addTask {
                    let found = try await lookups.addresses(of: "a.example", for: relay)
                    #expect(found.map(\.description) == ["1.1.1.1"])
                    await #expect(throws: ResolutionError.notFound) {
                        try await lookups.addresses(of: "b.example", for: relay)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("whoever is cancelled is let go, waiting or running, and nobody else is")
    func cancelled() async throws {
        let lookups = lookups(.init(shared: 8, running: 1, waiting: 8))
        let relay = lookups.newRelay()
        let running = Task { try await lookups.addresses(of: "stuck.example", for: relay) }
        await silent.asked(count: 1)
        let waiting = Task { try await lookups.addresses(of: "a.example", for: relay) }
        let other = try await lookups.addresses(of: "a.example", for: lookups.newRelay())
        #expect(other.count == 1)
        running.cancel()
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(silent.waitingCount == 1, "the resolver still has the one that ran")
        silent.release()
        #expect(try await lookups.addresses(of: "a.example", for: relay).count == 1)
    }

    @Test("a browser whose names never resolve is answered at the deadline and stops no other")
    func stuckResolver() async throws {
        var limits = EgressLimits()
        limits.lookupDeadline = .milliseconds(200)
        let outside = try await Outside.start()
        let known = ControllableResolver(["site.example": "127.0.0.1"])
        let lookups = NameLookups(
            resolver: HalfDeaf(known: known, silent: silent),
            bounds: .init(shared: 2, running: 4, waiting: 2))
        let hostile = try await TestRelay.start(limits: limits, lookups: lookups)
        let patient = try await TestRelay.start(allow: outside.rule, lookups: lookups)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<10 {
                group.addTask { try await hostile.get("http://stuck\(index).example/") }
            }
            await silent.asked(count: 2)
            let (_, head) = try await patient.tunnel(to: "site.example:\(outside.port)")
            #expect(head.hasPrefix("HTTP/1.1 200 "))
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 50") })
        #expect(silent.waitingCount == 2, "a relay takes no more of what is shared than it leaves")
        await hostile.relay.stop()
        let failed = hostile.relay.traffic.failed
        #expect((failed[.timeout] ?? 0) + (failed[.tooManyLookups] ?? 0) == 10)
        silent.release()
        await patient.relay.stop()
        await outside.stop()
    }
}
