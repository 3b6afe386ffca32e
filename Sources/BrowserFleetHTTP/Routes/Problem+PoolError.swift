// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime

extension Problem {
    /// What a caller is told when the pool gave it no browser.
    init(_ error: PoolError) {
        switch error.code {
        case .refused(let refusal): self.init(refusal, cause: error.launchError)
        case .unacceptable(let launch), .notPrepared(let launch): self.init(launch)
        case .cancelled: self.init(.cancelled, "The client went away.")
        case .notRunning:
            self.init(
                .draining, "The server is starting or stopping.", retryAfter: .seconds(1))
        }
    }

    private init(_ refusal: Refusal, cause: LaunchError?) {
        if case .launchFailed = refusal.reason, let cause {
            self.init(cause)
            return
        }
        let words = cause.map { " \($0.message) \($0.remedy)" } ?? ""
        self.init(
            ProblemCode(refusal.reason), refusal.reason.sentence + words,
            retryAfter: refusal.retryAfter ?? refusal.reason.usualPause,
            queue: refusal.place.map {
                Queue(position: $0, estimateMs: refusal.estimate?.wholeMilliseconds)
            })
    }

    /// What a caller is told when its browser could not be started or prepared.
    init(_ error: LaunchError) {
        self.init(
            ProblemCode(rawValue: error.code.description) ?? .launchFailed,
            "\(error.message) \(error.remedy)")
    }

    /// What a caller is told when a page could not be rendered.
    init(_ error: RenderingError) {
        let code: ProblemCode =
            switch error.code {
            case .navigationFailed: .navigationFailed
            case .timedOut: .navigationTimeout
            case .noSuchPage: .noSuchPage
            case .browserGone: .browserGone
            case .refused: .renderingRefused
            }
        self.init(code, error.message)
    }
}

extension Refusal.Reason {
    /// The reason for people.
    fileprivate var sentence: String {
        switch self {
        case .queueFull: "All browsers are in use and the wait queue is full."
        case .queueTimeout: "No browser became free in time."
        case .draining: "The server takes no new browsers; it is about to stop."
        case .quarantined: "Browsers fail to start here."
        case .pressure(.cpu): "The machine's processors are busy."
        case .pressure(.memory): "The machine's memory is short."
        case .launchFailed: "The browser could not be started."
        case .keyLimit: "The key has as many browsers as it may."
        case .cancelled: "The client went away."
        }
    }

    /// When to try again where the pool does not know better; every 503 names a time.
    fileprivate var usualPause: Duration? {
        switch self {
        case .queueFull, .queueTimeout, .pressure, .keyLimit: .seconds(5)
        case .draining, .quarantined: .seconds(30)
        case .launchFailed, .cancelled: nil
        }
    }
}
