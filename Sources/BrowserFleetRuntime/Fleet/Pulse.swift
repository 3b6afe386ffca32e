// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization

/// Tells whoever waits that a report is due before its time: at most one call is kept, and several
/// listeners each hear it.
final class Pulse: Sendable {
    private let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])
    private let numbers = Atomic(0)

    /// Calls every listener.
    func beat() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
    }

    /// One call now and those from now on; those that come while nobody listens count as one.
    func beats() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = numbers.add(1, ordering: .relaxed).newValue
        continuation.yield()
        listeners.withLock { $0[number] = continuation }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { _ = $0.removeValue(forKey: number) }
        }
        return stream
    }
}
