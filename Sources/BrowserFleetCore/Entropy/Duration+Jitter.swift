// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// A random duration between this one less `fraction` of it and this one plus `fraction` of it.
    ///
    /// Spreads retries and heartbeats of many servers, which would else fall together.
    /// The fraction is held at 0 to 1, and a duration that is not positive stays as it is.
    public func jittered(
        by fraction: Double, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let spread = spread(of: fraction)
        guard spread > 0 else { return self }
        let offset = Int64.random(in: -spread...spread, using: &generator)
        return self + .nanoseconds(offset)
    }

    /// A random duration between this one less `fraction` of it and this one.
    ///
    /// Spreads ends that have an upper bound, such as a maximum lifetime: never later than
    /// promised.
    /// The fraction is held at 0 to 1, and a duration that is not positive stays as it is.
    public func shortened(
        byUpTo fraction: Double, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let spread = spread(of: fraction)
        guard spread > 0 else { return self }
        return self - .nanoseconds(Int64.random(in: 0...spread, using: &generator))
    }

    private func spread(of fraction: Double) -> Int64 {
        guard fraction > 0, self > .zero else { return 0 }
        let whole = wholeNanoseconds
        // Above 2^53 a Double may round up past the duration; clamping also takes care of that.
        let share = Double(whole) * Swift.min(fraction, 1)
        return share >= Double(whole) ? whole : Int64(share)
    }
}
