// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import Synchronization

/// This process's hold of its server name where no store is shared: a number above the one it last
/// wrote to its own disk, and above each that a gateway refused it for.
///
/// Nobody decides here between two processes of one name that both live: each would take a higher
/// number than the other in turn. That needs a store (`NameClaim`).
public final class EpochKeeper: NameHold {
    private struct State {
        var epoch: ServerEpoch
        var sequence: UInt64 = 0
    }

    private let state: Mutex<State>
    private let persist: @Sendable (Int64) -> Void
    private let now: @Sendable () -> Int64

    /// Takes the name.
    ///
    /// - Parameters:
    ///   - persisted: the number that an earlier process wrote, if any.
    ///   - persist: writes the number before it is used.
    ///   - now: the wall clock, milliseconds since 1970.
    public init(
        persisted: Int64?, persist: @escaping @Sendable (Int64) -> Void = { _ in },
        now: @escaping @Sendable () -> Int64 = { MonotonicClock().unixMilliseconds }
    ) {
        self.persist = persist
        self.now = now
        var generator = SystemRandomNumberGenerator()
        let number = ServerEpoch.number(
            above: persisted.map { [$0] } ?? [], unixMilliseconds: now())
        persist(number)
        state = Mutex(
            State(epoch: ServerEpoch(number: number, process: UUIDv4(using: &generator))))
    }

    /// The present hold.
    public var epoch: ServerEpoch? { state.withLock(\.epoch) }

    /// Nobody else decides about the name.
    public var mayTake: Bool { true }

    /// The hold and the number of the next report under it.
    public func next() -> (epoch: ServerEpoch, sequence: UInt64)? {
        state.withLock { state in
            state.sequence += 1
            return (state.epoch, state.sequence)
        }
    }

    /// A gateway knows a higher number of this name, so a higher one is taken; false if that was
    /// done already.
    public func refused(newest: Int64) -> Bool {
        state.withLock { state in
            guard state.epoch.number <= newest else { return false }
            let number = ServerEpoch.number(above: [newest], unixMilliseconds: now())
            persist(number)
            state.epoch = ServerEpoch(number: number, process: state.epoch.process)
            state.sequence = 0
            return true
        }
    }
}
