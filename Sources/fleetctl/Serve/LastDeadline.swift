// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Logging
import Synchronization

/// Ends the process when a stop takes longer than it may, whatever hangs.
///
/// It runs on a queue of its own, so neither a task that does not end nor an event loop that is
/// stuck holds it up. The browsers end with the process, because their pipes close; what they leave
/// behind the next start removes.
final class LastDeadline: Sendable {
    /// How long the last line may take.
    private static let lastWords = DispatchTimeInterval.milliseconds(200)

    private let queue = DispatchQueue(label: "browserfleet.last-deadline")
    private let earliest = Mutex<ContinuousClock.Instant?>(nil)
    private let logger: Logger
    private let leave: @Sendable () -> Void

    /// Creates a deadline that is not set.
    ///
    /// - Parameters:
    ///   - logger: hears why the process ends.
    ///   - leave: ends the process.
    init(
        logger: Logger,
        leave: @escaping @Sendable () -> Void = { _exit(ExitStatus.failed.rawValue) }
    ) {
        self.logger = logger
        self.leave = leave
    }

    /// Sets the deadline; one that is set already stands if it is earlier.
    func set(in duration: Duration) {
        let deadline = ContinuousClock.now.advanced(by: duration)
        let isNew = earliest.withLock { earliest in
            guard earliest.map({ deadline < $0 }) ?? true else { return false }
            earliest = deadline
            return true
        }
        guard isNew else { return }
        let nanoseconds =
            duration.components.seconds * 1_000_000_000
            + duration.components.attoseconds / 1_000_000_000
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [self] in
            // Saying why may block on a pipe that nobody reads, and must not hold this up.
            DispatchQueue.global().async { [logger] in
                logger.critical("the stop took too long; leaving, and its browsers with it")
            }
            queue.asyncAfter(deadline: .now() + Self.lastWords) { [self] in leave() }
        }
    }
}
