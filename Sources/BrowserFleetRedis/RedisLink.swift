// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Logging
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps one connection to Redis: made when it is needed, and made again, with growing pauses,
/// after it was lost.
actor RedisLink {
    private let address: RedisAddress
    private let trust: [NIOSSLCertificate]?
    private let logger: Logger?
    private let silence: Duration
    private var current: RedisConnection?
    private var attempt: Task<Result<RedisConnection, StoreError>, Never>?
    private var failures = 0
    private var lastError: StoreError?
    private var doubts: [String] = []

    /// How long one attempt may take.
    private static let attemptTimeout: Duration = .seconds(3)

    init(
        _ address: RedisAddress, trust: [NIOSSLCertificate]?, silence: Duration, logger: Logger?
    ) {
        self.silence = silence
        self.address = address
        self.trust = trust
        self.logger = logger
    }

    /// A connection that works, waiting for a lost Redis until the deadline.
    func connection(by deadline: StoreDeadline) async throws(StoreError) -> RedisConnection {
        while true {
            if deadline.isOver || Task.isCancelled { throw unreachable }
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
                let greeting = RedisGreeting(address: address)
                say(try await greeting.exchange(on: connection, by: deadline))
            } catch {
                connection.close()
                throw error
            }
            (current, failures, lastError) = (connection, 0, nil)
            return .success(connection)
        } catch {
            return .failure(noted(error))
        }
    }

    private func noted(_ error: any Error) -> StoreError {
        let known =
            error as? StoreError
            ?? StoreError(
                .unavailable, "Redis at \(address) cannot be reached: \(Self.reason(of: error))")
        failures += 1
        lastError = known
        return known
    }

    // What is doubtful about how Redis is set up is said once, until it is something else.
    private func say(_ doubts: [String]) {
        guard doubts != self.doubts else { return }
        self.doubts = doubts
        for doubt in doubts { logger?.warning("\(doubt)") }
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) }
                ?? "the name \(error.host) is not known here"
        case let error as IOError: unsafe String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout: "no answer in time"
        case _: "\(error)"
        }
    }
}
