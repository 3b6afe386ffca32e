// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

/// The spellings by which pages have been made to reach their host's inside. They run through the
/// real resolver of this machine; all of them are numbers or names of its hosts file, so no name
/// server is asked.
@Suite struct ForgerySpellingTests {
    private static let loopback = [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7F.0x0.0x0.0x1",
        "0177.0.0.1", "0177.0.0.01", "017700000001", "127.0.0.1.", "127.000.000.001",
        "0177.0x0.1", "00000000177.1", "127.127.127.127", "localhost", "LOCALHOST", "localhost.",
        "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]",
        "[0000::0001]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[0:0:0:0:0:ffff:7f00:0001]",
    ]
    private static let metadata = [
        "169.254.169.254", "2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376", "169.254.43518", "169.16689662", "025177524776",
        "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "[FD00:EC2::0254]",
        "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[fe80::a9fe:a9fe]", "100.100.100.200",
        "168.63.129.16", "0xa83f8110",
    ]
    private static let inside = [
        "10.1", "0xa.1", "012.0.0.1", "167772161", "192.168.257", "0xc0a80101", "172.16.1",
        "[fd12:3456::1]", "[fc00::1]", "[::ffff:10.0.0.1]", "[::ffff:c0a8:101]",
    ]
    private static let nowhere = ["0", "0.0.0.0", "0x0", "00", "[::]", "0.0", "[::0.0.0.0]"]

    static let table: [(String, Set<EgressRefusal>)] =
        loopback.map { ($0, [.loopback]) } + metadata.map { ($0, [.metadata]) }
        + inside.map { ($0, [.private, .uniqueLocal]) } + nowhere.map { ($0, [.unspecified]) }

    @Test("a forged spelling is refused by what it resolves to", arguments: table)
    func refused(host: String, reasons: Set<EgressRefusal>) async throws {
        let target = try #require(EgressTarget(authority: host + ":80"))
        let planner = RoutePlanner(lookups: .shared, relay: NameLookups.shared.newRelay())
        let route = try EgressRoute(policy: EgressPolicy(), upstream: nil, trust: .system)
        let error = await #expect(throws: EgressProblem.self) {
            try await planner.plan(for: target, by: route)
        }
        guard case .refused(let reason)? = error else {
            Issue.record("\(host) gave \(String(describing: error))")
            return
        }
        #expect(reasons.contains(reason), "\(host) was refused as \(reason)")
    }

    @Test(
        "a host that is no host is no target",
        arguments: [
            "", "a b", "a/b", "a\\b", "a@b", "a%00", "fe80::1%eth0", "a..b", ".", "ａ.example",
            "127.0.0.1%0a", "a\u{0}b", "a,b", "a?b", "a#b", "[::1]",
        ])
    func noTarget(host: String) {
        #expect(EgressTarget(host: host, port: 80) == nil)
    }

    @Test("the table is at least as long as promised")
    func length() {
        #expect(Self.table.count >= 60)
    }
}
