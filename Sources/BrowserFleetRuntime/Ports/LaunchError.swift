// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a browser could not be started or prepared, and how to mend it.
public struct LaunchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case engineMissing = "engine-missing"
            case engineTooOld = "engine-too-old"
            case isolationUnavailable = "isolation-unavailable"
            case sandboxFailed = "sandbox-failed"
            case exitedEarly = "exited-early"
            case timedOut = "timed-out"
            case diskFull = "disk-full"
            case dataDirectoryUnusable = "data-directory-unusable"
            case invalidArgument = "invalid-argument"
            case invalidProxy = "invalid-proxy"
            case cancelled = "cancelled"
            case other = "launch-failed"
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Every code, for counters that begin at zero.
        package static let all = Base.allCases.map(Code.init)

        /// No executable was found.
        public static let engineMissing = Code(.engineMissing)
        /// The executable is older than what the bridge relies on.
        public static let engineTooOld = Code(.engineTooOld)
        /// The machine does not allow the jail.
        public static let isolationUnavailable = Code(.isolationUnavailable)
        /// The engine could not start its own sandbox.
        public static let sandboxFailed = Code(.sandboxFailed)
        /// The process ended before it answered.
        public static let exitedEarly = Code(.exitedEarly)
        /// The process never answered.
        public static let timedOut = Code(.timedOut)
        /// There is no room for a profile.
        public static let diskFull = Code(.diskFull)
        /// The profile folder cannot be written.
        public static let dataDirectoryUnusable = Code(.dataDirectoryUnusable)
        /// An argument is not on the allow-list.
        public static let invalidArgument = Code(.invalidArgument)
        /// The proxy's URL cannot be used.
        public static let invalidProxy = Code(.invalidProxy)
        /// The caller gave up.
        public static let cancelled = Code(.cancelled)
        /// Anything else.
        public static let other = Code(.other)

        /// The word used in the API, logs and metrics.
        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// One sentence: what happened.
    public var message: String
    /// One sentence: how to mend it; a command where there is one.
    public var remedy: String

    /// Creates an error.
    public init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// Code, message and remedy in one line.
    public var description: String { "\(code): \(message) \(remedy)" }
}
