// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// A few threads, each with a connection of its own, and one bounded queue of work for them.
///
/// libpq wants a thread while it waits; these are the only ones that do, whatever hangs.
final class PostgresWorkers: Sendable {
    typealias Work = @Sendable (PostgresSession) -> Void

    private final class Queue: Sendable {
        struct State {
            var work: [Work] = []
            var isStopped = false
        }

        let state = Mutex(State())
        let available = DispatchSemaphore(value: 0)

        // Work waits in the order it came; `nil` once the workers are to stop.
        func next() -> Work? {
            available.wait()
            return state.withLock { state in
                state.isStopped || state.work.isEmpty ? nil : state.work.removeFirst()
            }
        }
    }

    private let queue = Queue()
    private let count: Int

    /// How much work may wait.
    private static let mostWaiting = 10_000

    init(count: Int, session: @escaping @Sendable () -> PostgresSession) {
        self.count = count
        for number in 1...count {
            let thread = Thread { [queue] in
                let session = session()
                while let work = queue.next() { work(session) }
            }
            thread.name = "postgres-\(number)"
            thread.start()
        }
    }

    deinit {
        stop()
    }

    /// Hands over work; `false` if too much waits, or the workers were stopped.
    func submit(_ work: @escaping Work) -> Bool {
        let isTaken = queue.state.withLock { state in
            guard !state.isStopped, state.work.count < Self.mostWaiting else { return false }
            state.work.append(work)
            return true
        }
        if isTaken { queue.available.signal() }
        return isTaken
    }

    /// Lets the threads end after what they do now, and their connections with them.
    func stop() {
        queue.state.withLock { $0.isStopped = true }
        for _ in 0..<count { queue.available.signal() }
    }
}
