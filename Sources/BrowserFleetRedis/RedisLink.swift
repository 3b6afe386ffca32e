// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Logging
import NIOSSL

/// Keeps one connection to Redis: made when it is needed, and made again, with growing pauses,
/// after it was lost.
actor RedisLink {
    private let address: RedisAddress
    private let trust: [NIOSSLCertificate]?
    private let logger: Logger
    private let silence: Duration
    private var current: RedisConnection?
    private var attempt: Task<Result<RedisConnection, StoreError>, Never>?
    private var failures = 0
    private var lastError: StoreError?

    /// How long one attempt may take.
    private static let attemptTimeout: Duration = .seconds(3)

    init(
        _ address: RedisAddress, trust: [NIOSSLCertificate]?, silence: Duration, logger: Logger
    ) {
        self.silence = silence
        self.address = address
        self.trust = trust
        self.logger = logger
    }

    /// A connection that works, waiting for a lost Redis until the deadline.
    func connection(by deadline: StoreDeadline) async throws(StoreError) -> RedisConnection {
        while true {
            if deadline.isOver { throw unreachable }
            if let current, current.isActive { return current }
            let reply = StoreReply<RedisConnection>()
            let attempt = attempt ?? begin()
            Task { reply.give(await attempt.value) }
            do {
                return try await reply.value(by: deadline, orThrow: unreachable)
            } catch {
                // What an operator has to mend is not waited for.
                guard error.code == .unavailable else { throw error }
            }
        }
    }

    /// Gives up the connection, if it is still the one in use.
    func close() {
        current?.close()
        current = nil
        attempt?.cancel()
    }

    private var unreachable: StoreError {
        lastError ?? StoreError(.unavailable, "Redis at \(address) did not answer in time")
    }

    private func begin() -> Task<Result<RedisConnection, StoreError>, Never> {
        let growing = Duration.milliseconds(25 << min(failures, 6))
        let pause = failures == 0 ? .zero : min(growing, .seconds(1))
        let task = Task { await self.connect(after: pause) }
        attempt = task
        return task
    }

    private func connect(after pause: Duration) async -> Result<RedisConnection, StoreError> {
        try? await Task.sleep(for: pause)
        defer { attempt = nil }
        do {
            let deadline = StoreDeadline(after: Self.attemptTimeout)
            let connection = try await RedisConnection.dial(
                address, trust: trust, silence: silence, timeout: Self.attemptTimeout)
            do {
                try await RedisGreeting(address: address, logger: failures == 0 ? logger : nil)
                    .exchange(on: connection, by: deadline)
            } catch {
                connection.close()
                throw error
            }
            if failures > 0 { logger.notice("Redis at \(address) is back") }
            (current, failures, lastError) = (connection, 0, nil)
            return .success(connection)
        } catch {
            return .failure(noted(error))
        }
    }

    private func noted(_ error: any Error) -> StoreError {
        let known =
            error as? StoreError
            ?? StoreError(.unavailable, "Redis at \(address) cannot be reached: \(error)")
        if failures == 0 { logger.warning("\(known.message)") }
        failures += 1
        lastError = known
        return known
    }
}
