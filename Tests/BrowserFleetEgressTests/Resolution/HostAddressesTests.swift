// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import Synchronization
import Testing

@testable import BrowserFleetEgress

@Suite("Addresses of this host")
struct HostAddressesTests {
    /// A host whose addresses and whose time a test sets.
    private final class Host: Sendable {
        struct Unreadable: Error {}
        let addresses = Mutex<Set<IPAddress>?>(nil)
        let seconds = Mutex<Int64>(0)

        var live: HostAddresses {
            HostAddresses(
                read: {
                    guard let read = self.addresses.withLock(\.self) else { throw Unreadable() }
                    return read
                },
                now: { .uptimeNanoseconds(0) + .seconds(self.seconds.withLock(\.self)) })
        }

        func become(_ texts: [String]?, after seconds: Int64 = 0) {
            addresses.withLock { $0 = texts.map { Set($0.compactMap { IPAddress($0) }) } }
            self.seconds.withLock { $0 += seconds }
        }
    }

    @Test("an address that the host gets later is refused a second after")
    func later() async throws {
        let host = Host()
        host.become(["198.51.100.1"])
        let planner = RoutePlanner(
            lookups: .shared, relay: NameLookups.shared.newRelay(), host: host.live)
        let target = try #require(EgressTarget(authority: "8.8.8.8:80"))
        let route = try EgressRoute(policy: EgressPolicy(), upstream: nil, trust: .system)
        #expect(try await planner.plan(for: target, by: route).addresses == [target.literal])
        host.become(["8.8.8.8"], after: 1)
        let problem = await #expect(throws: EgressProblem.self) {
            try await planner.plan(for: target, by: route)
        }
        #expect(problem == .refused(.ownAddress))
    }

    @Test("they are read at most once a second, and the last ones count when they cannot be")
    func age() throws {
        let host = Host()
        let live = host.live
        #expect(throws: Host.Unreadable.self) { try live.current() }
        host.become(["198.51.100.1"])
        let first = try live.current()
        #expect(first.count == 1)
        host.become(["198.51.100.2", "198.51.100.3"])
        #expect(try live.current() == first)
        host.become(["198.51.100.2", "198.51.100.3"], after: 1)
        #expect(try live.current().count == 2)
        host.become(nil, after: 5)
        #expect(try live.current().count == 2)
    }

    @Test("a host whose addresses cannot be read reaches nothing")
    func unreadable() async throws {
        let planner = RoutePlanner(
            lookups: .shared, relay: NameLookups.shared.newRelay(), host: Host().live)
        let target = try #require(EgressTarget(authority: "8.8.8.8:443"))
        let route = try EgressRoute(policy: EgressPolicy(), upstream: nil, trust: .system)
        let problem = await #expect(throws: EgressProblem.self) {
            try await planner.plan(for: target, by: route)
        }
        #expect(problem == .refused(.ownAddress))
    }
}
