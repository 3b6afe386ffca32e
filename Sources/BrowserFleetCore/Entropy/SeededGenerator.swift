// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A random number generator that says the same again for the same seed: xoshiro256\*\*, filled by
/// SplitMix64 (Blackman and Vigna, <https://prng.di.unimi.it>).
///
/// For tests, simulations and spreading of times. Its output can be predicted from a few draws,
/// so secrets and IDs that meet strangers come from the system's generator, which the shell
/// passes in.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// Creates the generator of `seed`; every seed is a good one.
    public init(seed: UInt64) {
        var filler = SplitMix64(state: seed)
        self.init(filler.next(), filler.next(), filler.next(), filler.next())
    }

    init(_ s0: UInt64, _ s1: UInt64, _ s2: UInt64, _ s3: UInt64) {
        (self.s0, self.s1, self.s2, self.s3) = (s0, s1, s2, s3)
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let result = (s1 &* 5).rotatedLeft(by: 7) &* 9
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = s3.rotatedLeft(by: 45)
        return result
    }

    /// A generator whose numbers have nothing to do with the further ones of this generator.
    ///
    /// Gives each part of a simulated world its own, so that one part drawing once more does not
    /// change what the others see.
    public mutating func split() -> SeededGenerator {
        SeededGenerator(seed: next())
    }
}

/// The generator that fills the state of another from one word.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension UInt64 {
    fileprivate func rotatedLeft(by count: UInt64) -> UInt64 {
        self << count | self >> (64 - count)
    }
}
