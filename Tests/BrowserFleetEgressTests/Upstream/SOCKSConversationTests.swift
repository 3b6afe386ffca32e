// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

@Suite struct SOCKSConversationTests {
    /// What the relay said and how it ended.
    private struct Outcome: Equatable {
        var said: [[UInt8]] = []
        var end = UpstreamStep.incomplete
    }

    /// Runs a conversation; each piece comes whole, or byte by byte.
    private func hold(
        _ host: String, port: UInt16 = 443, credentials: ProxyCredentials? = nil,
        hearing pieces: [[UInt8]], byteByByte: Bool = false
    ) throws -> Outcome {
        let target = try #require(EgressTarget(host: host, port: port))
        var conversation = SOCKSConversation(target: target, credentials: credentials)
        var outcome = Outcome(said: [conversation.opening])
        var rest: [UInt8] = []
        for piece in byteByByte ? pieces.joined().map({ [$0] }) : pieces {
            guard outcome.end == .incomplete else {
                rest += piece
                continue
            }
            var step = conversation.take(piece)
            while case .send(let bytes) = step {
                outcome.said.append(bytes)
                step = conversation.take([UInt8]())
            }
            outcome.end = step
        }
        if case .open(let first) = outcome.end { outcome.end = .open(rest: first + rest) }
        return outcome
    }

    private func user() throws -> ProxyCredentials {
        try #require(ProxyCredentials(username: "u", password: "pw", for: .socks5))
    }

    private static let reached: [UInt8] = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]

    @Test(
        "a target is asked for by what it is: name, IPv4, IPv6",
        arguments: [
            ("a.b", [3, 3, 0x61, 0x2e, 0x62]), ("10.0.0.1", [1, 10, 0, 0, 1]),
            ("::1", [4] + [UInt8](repeating: 0, count: 15) + [1]),
        ] as [(String, [UInt8])])
    func request(host: String, address: [UInt8]) throws {
        let outcome = try hold(host, port: 0x1f90, hearing: [[5, 0], Self.reached])
        #expect(outcome.said == [[5, 1, 0], [5, 1, 0] + address + [0x1f, 0x90]])
        #expect(outcome.end == .open(rest: []))
    }

    @Test("user and password are sent only to a proxy that asks", arguments: [true, false])
    func authentication(byteByByte: Bool) throws {
        let asked = try hold(
            "a.b", credentials: user(), hearing: [[5, 2], [1, 0], Self.reached + [7, 8]],
            byteByByte: byteByByte)
        #expect(asked.said.first == [5, 2, 0, 2])
        #expect(asked.said.dropFirst().first == [1, 1, 0x75, 2, 0x70, 0x77])
        #expect(asked.said.count == 3)
        #expect(asked.end == .open(rest: [7, 8]))
        let notAsked = try hold(
            "a.b", credentials: user(), hearing: [[5, 0], Self.reached], byteByByte: byteByByte)
        #expect(notAsked.said.count == 2)
        #expect(notAsked.end == .open(rest: []))
    }

    @Test(
        "replies name the address they come from in three forms, each read to its end",
        arguments: [
            [1, 0, 0, 0, 0, 0, 0], [3, 2, 0x61, 0x62, 0, 0], [3, 0, 0, 0],
            [4] + [UInt8](repeating: 0, count: 18),
        ] as [[UInt8]])
    func replies(bound: [UInt8]) throws {
        for byteByByte in [true, false] {
            let outcome = try hold(
                "a.b", hearing: [[5, 0], [5, 0, 0] + bound + [9]], byteByByte: byteByByte)
            #expect(outcome.end == .open(rest: [9]))
        }
    }

    @Test(
        "what goes wrong has its own kind of failure",
        arguments: [
            ([[5, 0xff]], EgressFailure.proxyAuthenticationFailed),
            ([[5, 2], [1, 1]], .proxyAuthenticationFailed), ([[5, 1]], .proxyRefused),
            ([[4, 0]], .proxyRefused), ([[0x48, 0x54]], .proxyRefused),
            ([[5, 0], [5, 1]], .proxyRefused), ([[5, 0], [5, 2]], .proxyRefused),
            ([[5, 0], [5, 3]], .unreachable), ([[5, 0], [5, 4]], .unreachable),
            ([[5, 0], [5, 5]], .unreachable), ([[5, 0], [5, 6]], .unreachable),
            ([[5, 0], [5, 7]], .proxyRefused), ([[5, 0], [4, 0]], .proxyRefused),
            ([[5, 0], [5, 0, 0, 9, 0, 0]], .proxyRefused),
        ] as [([[UInt8]], EgressFailure)])
    func failures(pieces: [[UInt8]], failure: EgressFailure) throws {
        for byteByByte in [true, false] {
            let outcome = try hold(
                "a.b", credentials: user(), hearing: pieces, byteByByte: byteByByte)
            #expect(outcome.end == .failed(failure))
        }
        #expect(
            try hold("a.b", hearing: [[5, 2]]).end == .failed(.proxyRefused),
            "a password that nobody has is not made up")
    }
}
