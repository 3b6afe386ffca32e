// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Foundation

/// A worker's connection: made when it is needed, and made again, with growing pauses, after it
/// was lost. It belongs to one thread.
final class PostgresSession {
    /// What is said first on each new connection.
    typealias Preparation =
        @Sendable (PostgresConnection, StoreDeadline) throws(PostgresFailure) -> Void

    private let url: String
    private let isNamed: Bool
    private let preparation: Preparation
    private var connection: PostgresConnection?
    private var failures = 0

    /// How long one attempt to connect may take.
    private static let attemptTimeout: Duration = .seconds(3)

    init(url: String, isNamed: Bool, preparation: @escaping Preparation) {
        self.url = url
        self.isNamed = isNamed
        self.preparation = preparation
    }

    /// Asks what may be asked twice: again over a new connection until the deadline.
    func ask(
        _ statement: PostgresStatement, _ values: [String?], by deadline: StoreDeadline
    ) throws(StoreError) -> [[String?]] {
        while true {
            do {
                return try live(by: deadline).run(
                    statement, values, isNamed: isNamed, by: deadline)
            } catch {
                let isLost = dropIfLost(error)
                let isPassing = isLost && error.error.code == .unavailable
                guard isPassing || error.isConflict, !deadline.isOver else { throw error.error }
            }
        }
    }

    /// Runs a change once: it is sent again only if it did not leave.
    func change(
        _ statement: PostgresStatement, _ values: [String?], by deadline: StoreDeadline
    ) throws(StoreError) -> [[String?]]? {
        while true {
            do {
                return try live(by: deadline).run(
                    statement, values, isNamed: isNamed, by: deadline)
            } catch {
                if error.isConflict { return nil }
                let isLost = dropIfLost(error)
                if isLost, error.wasSent {
                    throw StoreError(
                        .outcomeUnknown, "the connection to PostgreSQL ended during a change")
                }
                let isPassing = isLost && error.error.code == .unavailable
                guard isPassing, !deadline.isOver else { throw error.error }
            }
        }
    }

    /// Waits for a notification; `false` if none came, and an error if the connection was lost.
    func notified(by deadline: StoreDeadline) throws(PostgresFailure) -> Bool {
        do {
            return try live(by: StoreDeadline(after: Self.attemptTimeout)).notified(by: deadline)
        } catch {
            _ = dropIfLost(error)
            throw error
        }
    }

    /// The connection, made now if there is none.
    private func live(by deadline: StoreDeadline) throws(PostgresFailure) -> PostgresConnection {
        if let connection, connection.isAlive { return connection }
        connection = nil
        while true {
            pause(by: deadline)
            do {
                let limit = min(deadline, StoreDeadline(after: Self.attemptTimeout))
                let fresh = try PostgresConnection(url: url, by: limit)
                try preparation(fresh, limit)
                connection = fresh
                failures = 0
                return fresh
            } catch {
                failures += 1
                let isPassing = error.error.code == .unavailable
                guard isPassing, !deadline.isOver else {
                    throw PostgresFailure(
                        state: error.state, message: error.message, wasSent: false)
                }
            }
        }
    }

    // A server that shuts down says so in an error first; a replica refuses to write.
    private func dropIfLost(_ failure: PostgresFailure) -> Bool {
        let isLost =
            failure.state == nil || failure.state?.hasPrefix("57P") == true
            || failure.state == "25006" || connection?.isAlive != true
        if isLost { connection = nil }
        return isLost
    }

    private func pause(by deadline: StoreDeadline) {
        guard failures > 0 else { return }
        let pause = min(.milliseconds(25 << min(failures, 5)), deadline.remaining)
        Thread.sleep(forTimeInterval: Double(pause.components.attoseconds) / 1e18)
    }
}
