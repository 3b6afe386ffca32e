// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("The seeded generator")
struct SeededGeneratorTests {
    @Test("gives the published numbers of xoshiro256** for the state 1, 2, 3, 4")
    func xoshiroVectors() {
        var generator = SeededGenerator(1, 2, 3, 4)
        let expected: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
            607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
            10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
        ]
        let drawn = expected.map { _ in generator.next() }
        #expect(drawn == expected)
    }

    @Test("is filled by the published numbers of SplitMix64")
    func splitMixVectors() {
        var generator = SplitMix64(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        let drawn = expected.map { _ in generator.next() }
        #expect(drawn == expected)

        var filler = SplitMix64(state: 99)
        let filled = SeededGenerator(filler.next(), filler.next(), filler.next(), filler.next())
        #expect(filled == SeededGenerator(seed: 99))
    }

    @Test("says the same again for the same seed, and something else for another")
    func seeds() {
        func draw(_ seed: UInt64) -> [UInt64] {
            var generator = SeededGenerator(seed: seed)
            return (0..<100).map { _ in generator.next() }
        }
        #expect(draw(5) == draw(5))
        #expect(Set((0..<100).flatMap { draw($0) }).count == 10_000)
    }

    @Test("keeps its own row when a split one draws")
    func splitting() {
        var (left, right) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
        var child = left.split()
        _ = right.split()
        let drawn = (0..<50).map { _ in child.next() }
        let after = (0..<50).map { _ in left.next() }
        let other = (0..<50).map { _ in right.next() }
        #expect(after == other)
        #expect(Set(drawn).isDisjoint(with: after))
    }
}

@Suite("A UUID of version 4")
struct UUIDv4Tests {
    @Test("is written as in RFC 9562, appendix A.3")
    func example() {
        let uuid = UUIDv4(high: 0x9191_08f7_52d1_4320, low: 0x9bac_f847_db41_48a8)
        #expect(uuid.description == "919108f7-52d1-4320-9bac-f847db4148a8")
    }

    @Test("has its version and variant whatever was drawn")
    func fixedBits() {
        #expect(UUIDv4(high: 0, low: 0).description == "00000000-0000-4000-8000-000000000000")
        #expect(
            UUIDv4(high: .max, low: .max).description == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    }
}
