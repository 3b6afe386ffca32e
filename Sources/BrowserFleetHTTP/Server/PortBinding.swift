// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The port that a server got, for whoever waits for it.
final class PortBinding: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Int, any Error>])
        case settled(Result<Int, HTTPServerError>)
    }

    private let state = Mutex(State.waiting([]))

    init() {}

    /// Waits for the port.
    func port() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Int, HTTPServerError>? in
                switch state {
                case .settled(let result): return result
                case .waiting(let others):
                    state = .waiting(others + [continuation])
                    return nil
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// The server listens.
    func bound(to port: Int) { settle(.success(port)) }

    /// The server cannot listen, or has stopped.
    func failed(_ error: HTTPServerError) { settle(.failure(error)) }

    private func settle(_ result: Result<Int, HTTPServerError>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int, any Error>] in
            defer { state = .settled(result) }
            switch state {
            case .waiting(let continuations): return continuations
            case .settled: return []
            }
        }
        for continuation in waiting { continuation.resume(with: result) }
    }
}
