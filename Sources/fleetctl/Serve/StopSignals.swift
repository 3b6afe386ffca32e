// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Hears SIGTERM and SIGINT on a queue of its own, so that nothing that waits for a lock, or writes
/// to a log that nobody reads, keeps the next signal from being heard.
struct StopSignals {
    /// How many signals there were, of both kinds.
    private final class Count: Sendable {
        let requests = Mutex(StopRequests())
    }

    private let sources: [any DispatchSourceSignal]

    /// Begins to listen; the signals do nothing else from here on.
    ///
    /// - Parameter obey: called for each signal with what it means and its name. Must not wait.
    init(_ obey: @escaping @Sendable (StopRequests.Step, String) -> Void) {
        let queue = DispatchQueue(label: "browserfleet.stop-signals")
        let count = Count()
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // Signals that come in one breath are one event.
                for _ in 0..<source.data { obey(count.requests.withLock { $0.next() }, name) }
            }
            source.resume()
            return source
        }
    }

    /// Hears no more.
    func cancel() {
        for source in sources { source.cancel() }
    }
}
