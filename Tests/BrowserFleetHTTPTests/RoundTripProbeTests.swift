// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import BrowserFleetHTTP

@Suite("the probe of round trips")
struct RoundTripProbeTests {
    private static func at(_ milliseconds: Int64) -> () -> NIODeadline {
        { .uptimeNanoseconds(UInt64(milliseconds) * 1_000_000) }
    }

    @Test(
        "the answer is told from events and from answers to other calls",
        arguments: [
            #"{"id":17,"method":"A.b"}"#, #"{"id": 17, "method": "A.b"}"#,
            #"{"id":  17 ,"method":"A.b"}"#,
        ])
    func answer(call: String) {
        var probe = RoundTripProbe()
        probe.sent(ByteBuffer(string: call), now: Self.at(10))
        for other in [#"{"method":"A.c","params":{}}"#, #"{"id":1,"result":{}}"#, #"{"id":171,"#] {
            #expect(probe.received(ByteBuffer(string: other), now: Self.at(11)) == nil)
        }
        let answer = ByteBuffer(string: #"{"id":17,"result":{}}"#)
        #expect(probe.received(answer, now: Self.at(13)) == .milliseconds(3))
        #expect(probe.received(answer, now: Self.at(14)) == nil)
    }

    @Test("one call in 32 is measured, and one that never is answered does not end that")
    func sampling() {
        var probe = RoundTripProbe()
        let measured = (0..<96).filter { number in
            probe.sent(ByteBuffer(string: #"{"id":\#(number),"method":"A.b"}"#), now: Self.at(0))
            guard number != 0 else { return false }
            let answer = ByteBuffer(string: #"{"id":\#(number),"result":{}}"#)
            return probe.received(answer, now: Self.at(1)) != nil
        }
        #expect(measured == [32, 64])
    }

    @Test(
        "what does not begin with a usable number waits for a message that does",
        arguments: [
            #"{"method":"A.b","id":1}"#, #"{"id":"1"}"#, #"{"id":}"#, "", #"{"id":"#,
            #"{"id":12345678901234567890,"method":"A.b"}"#,
        ])
    func unusable(_ text: String) {
        var probe = RoundTripProbe()
        probe.sent(ByteBuffer(string: text), now: Self.at(0))
        #expect(probe.received(ByteBuffer(string: text), now: Self.at(1)) == nil)
        probe.sent(ByteBuffer(string: #"{"id":2,"method":"A.b"}"#), now: Self.at(2))
        let answer = ByteBuffer(string: #"{"id":2,"error":{}}"#)
        #expect(probe.received(answer, now: Self.at(3)) == .milliseconds(1))
    }
}
