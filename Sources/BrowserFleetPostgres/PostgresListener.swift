// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Foundation
import Synchronization

/// Rings the bell at every notification of the events. Runs on a thread of its own.
final class PostgresListener: Sendable {
    private final class Flag: Sendable {
        let isStopped = Atomic(false)
    }

    private let flag = Flag()

    init(url: String, news: NewsBell) {
        let thread = Thread { [flag] in
            let session = PostgresSession(url: url, isNamed: false) {
                (connection, deadline) throws(PostgresFailure) in
                _ = try connection.run("LISTEN fleet_events", by: deadline)
            }
            Self.listen(with: session, news: news, until: flag)
        }
        thread.name = "postgres-listen"
        thread.start()
    }

    deinit {
        stop()
    }

    func stop() {
        flag.isStopped.store(true, ordering: .relaxed)
    }

    // Rings after every new connection too, for what was said while there was none. Now and then
    // it asks something, because a connection that was cut without a word looks merely quiet.
    private static func listen(with session: PostgresSession, news: NewsBell, until flag: Flag) {
        var quietRounds = 0
        var isConnected = false
        while !flag.isStopped.load(ordering: .relaxed) {
            do {
                let isNotified = try session.notified(by: StoreDeadline(after: .milliseconds(250)))
                quietRounds = isNotified ? 0 : quietRounds + 1
                if isNotified || !isConnected { news.ring() }
                isConnected = true
                if quietRounds >= 40 {
                    quietRounds = 0
                    _ = try session.ask(.alive, [], by: StoreDeadline(after: .seconds(3)))
                }
            } catch {
                isConnected = false
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }
}

extension PostgresStatement {
    fileprivate static let alive = PostgresStatement(name: "fleet_alive", text: "SELECT 1")
}
