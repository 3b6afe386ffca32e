// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// This duration in milliseconds, rounded up: a caller told to wait so long is not early.
    public var wholeMillisecondsRoundedUp: Int64 {
        roundedUp(toMultipleOf: 1_000_000)
    }

    /// This duration in seconds, rounded up; the unit of the header `Retry-After`.
    public var wholeSecondsRoundedUp: Int64 {
        roundedUp(toMultipleOf: 1_000_000_000)
    }

    private func roundedUp(toMultipleOf unit: Int64) -> Int64 {
        let (quotient, remainder) = wholeNanoseconds.quotientAndRemainder(dividingBy: unit)
        return remainder > 0 ? quotient + 1 : quotient
    }
}
