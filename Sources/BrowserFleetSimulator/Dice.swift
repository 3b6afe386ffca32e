// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Draws what chance decides in a simulated world. Whole numbers only, so that every machine draws
/// the same.
struct Dice: Equatable, Sendable {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Dice of their own for one part of the world: one draw more here changes nothing there.
    mutating func split() -> Dice { Dice(seed: generator.next()) }

    /// Any number there is: the seed of something else.
    mutating func seed() -> UInt64 { generator.next() }

    /// A browser's random name, as a driver mints it.
    mutating func name() -> UUIDv4 { UUIDv4(using: &generator) }

    /// True in `thousandths` of 1,000 draws.
    mutating func chance(_ thousandths: Int) -> Bool {
        Int.random(in: 0..<1000, using: &generator) < thousandths
    }

    /// A number of the range, each as likely.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    /// A time of that many milliseconds, to the microsecond.
    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .microseconds(number(range.lowerBound * 1000...range.upperBound * 1000))
    }

    /// One of the choices, which must not be empty.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[number(0...choices.count - 1)]
    }
}
