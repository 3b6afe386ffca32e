// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Why a caller got no browser.
public struct PoolError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable, Equatable {
        /// The pool refused; the refusal says why and when to try again.
        case refused(Refusal)
        /// No browser can be started with these properties, whoever asks.
        case unacceptable(LaunchError)
        /// The browser could not be prepared as the lease wanted it.
        case notPrepared(LaunchError)
        /// The calling task was cancelled.
        case cancelled
        /// The pool does not run: `run()` was not called, or has returned.
        case notRunning
    }

    /// The kind of failure.
    public let code: Code

    /// The last launch that failed, where launches are the trouble; says how to mend it.
    public let launchError: LaunchError?

    init(_ code: Code, launchError: LaunchError? = nil) {
        self.code = code
        self.launchError = launchError
    }

    /// One sentence for a log.
    public var description: String {
        switch code {
        case .refused(let refusal):
            let cause = launchError.map { ": \($0)" } ?? ""
            return "refused: \(refusal.reason.word)\(cause)"
        case .unacceptable(let error): return "not acceptable: \(error)"
        case .notPrepared(let error): return "not prepared: \(error)"
        case .cancelled: return "cancelled by the caller"
        case .notRunning: return "the pool does not run"
        }
    }
}
