// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Decides from samples whether the machine is too busy for another lease.
///
/// States: open -> shut, shut -> open. Each resource is smoothed (a first-order low pass, so a
/// single spike shuts nothing) and has two thresholds: it shuts the gate at its limit and opens it
/// only well below (so it does not flutter).
public struct PressureGate: Equatable, Sendable {
    /// What can run short. Its raw value is the one-word reason.
    public enum Resource: String, Hashable, Sendable, CaseIterable {
        /// Processor time.
        case cpu
        /// Memory.
        case memory
    }

    /// One resource, smoothed and compared.
    struct Gauge: Equatable, Sendable {
        var smoothed: Double?
        var isOver = false

        mutating func follow(_ value: Double?, share: Double, limit: Double, relief: Double) {
            guard let value else { return clear() }
            let before = smoothed ?? value
            let next = before + (value - before) * share
            smoothed = next
            // A limit of 100 per cent is none: whatever is there may be used.
            guard limit < 100 else { return isOver = false }
            isOver = isOver ? next > limit - relief : next >= limit
        }

        private mutating func clear() {
            smoothed = nil
            isOver = false
        }
    }

    private let limits: PressureLimits
    private(set) var processor = Gauge()
    private(set) var memory = Gauge()
    private var sampledAt: FleetInstant?

    /// Creates an open gate.
    public init(limits: PressureLimits) {
        self.limits = limits
    }

    /// The resource that keeps the gate shut; `nil` while it is open. Memory is named first: a
    /// machine that swaps is slow, one that is out of memory kills.
    public var shortage: Resource? {
        if memory.isOver { return .memory }
        return processor.isOver ? .cpu : nil
    }

    /// When asking again makes sense while the gate is shut: about one time constant.
    public var retryAfter: Duration { max(.seconds(1), limits.smoothing) }

    /// Takes one sample. The first counts in full; later ones by the time since the last.
    public mutating func take(_ sample: PressureSample, at now: FleetInstant) {
        let share = share(at: now)
        sampledAt = now
        processor.follow(
            sample.processor, share: share, limit: limits.processor, relief: limits.relief)
        memory.follow(sample.memory, share: share, limit: limits.memory, relief: limits.relief)
    }

    /// `elapsed / (elapsed + smoothing)`: the low pass discretised without an exponential.
    private func share(at now: FleetInstant) -> Double {
        guard let sampledAt else { return 1 }
        let elapsed = Double(max(0, sampledAt.duration(to: now).wholeNanoseconds))
        let smoothing = Double(limits.smoothing.wholeNanoseconds)
        return smoothing > 0 ? elapsed / (elapsed + smoothing) : 1
    }
}
