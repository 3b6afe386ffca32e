// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("of two words of operators the later counts")
struct OperatorWordTests {
    private static let drain = OperatorWord(isDraining: true, saidAt: 100)

    @Test(
        "whatever the order in which they are heard",
        arguments: [
            (true, 99, false), (true, 100, false), (false, 100, false), (false, 101, true),
            (true, 101, true),
        ] as [(Bool, Int64, Bool)])
    func order(_ isDraining: Bool, _ saidAt: Int64, _ counts: Bool) {
        let other = OperatorWord(isDraining: isDraining, saidAt: saidAt)
        #expect(other.replaces(Self.drain) == counts)
        #expect(Self.drain.replaces(other) == (!counts && other != Self.drain))
        #expect(other.replaces(nil))
    }

    @Test("a new word is later than the known one, even by a clock that was set back")
    func new() {
        let word = OperatorWord(isDraining: false, after: Self.drain, unixMilliseconds: 50)
        #expect(word.saidAt == 101 && word.replaces(Self.drain))
        let first = OperatorWord(isDraining: true, after: nil, unixMilliseconds: 50)
        #expect(first.saidAt == 50)
        #expect(
            OperatorWord(isDraining: true, after: first, unixMilliseconds: 70).saidAt == 70)
    }
}
