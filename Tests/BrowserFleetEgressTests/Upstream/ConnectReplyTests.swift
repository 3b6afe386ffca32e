// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetEgress

@Suite struct ConnectReplyTests {
    private static let table: [(String, ConnectReply.Reading)] = [
        ("HTTP/1.1 200 OK\r\n\r\n", .status(200, rest: [])),
        ("HTTP/1.0 200\r\nA: b\r\n\r\nxy", .status(200, rest: [0x78, 0x79])),
        ("HTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 204 X\r\n\r\n", .status(204, rest: [])),
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", .status(407, rest: [])),
        ("HTTP/1.1 101 Switching\r\n\r\n", .status(101, rest: [])),
        ("HTTP/1.1 200 OK\r\n", .incomplete), ("HTT", .incomplete), ("", .incomplete),
        ("HTTP/2 200\r\n\r\n", .malformed), ("nonsense", .malformed), ("\r\n\r\n", .malformed),
        ("HTTP/1.1 20 OK\r\n\r\n", .malformed), ("HTTP/1.1 2000\r\n\r\n", .malformed),
        ("HTTP/1.1 +20 OK\r\n\r\n", .malformed), ("HTTP/1.1 999 X\r\n\r\n", .malformed),
        ("HTTP/1.12 200 OK\r\n\r\n", .malformed), ("HTTP/1.1\r\n\r\n", .malformed),
    ]

    @Test("a reply is read the same whole and byte by byte", arguments: table)
    func reads(text: String, expected: ConnectReply.Reading) {
        var whole = ConnectReply(bound: 1000)
        #expect(whole.take(text.utf8) == expected)
        var slow = ConnectReply(bound: 1000)
        var reading = ConnectReply.Reading.incomplete
        var rest: [UInt8] = []
        for byte in text.utf8 {
            if reading == .incomplete {
                reading = slow.take([byte])
            } else {
                rest.append(byte)
            }
        }
        if case .status(let status, _) = reading { reading = .status(status, rest: rest) }
        #expect(reading == expected)
    }

    @Test("a head that comes byte by byte is searched once, not once a byte")
    func searchedOnce() {
        var reply = ConnectReply(bound: 200_000)
        let clock = ContinuousClock()
        let took = clock.measure {
            _ = reply.take("HTTP/1.1 200 OK\r\nA: ".utf8)
            for _ in 0..<100_000 { _ = reply.take(CollectionOfOne(0x78)) }
        }
        #expect(reply.take("\r\n\r\n".utf8) == .status(200, rest: []))
        #expect(took < .seconds(5), "from the start each time, it is ten thousand million looks")
    }

    @Test("a head that never ends is malformed at the bound")
    func bound() {
        var reply = ConnectReply(bound: 100)
        #expect(reply.take("HTTP/1.1 200 OK\r\nA: ".utf8) == .incomplete)
        #expect(reply.take([UInt8](repeating: 0x78, count: 100)) == .malformed)
    }
}
