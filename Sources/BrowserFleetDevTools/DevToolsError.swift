// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a DevTools call or attach failed.
public struct DevToolsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The browser answered with an error; its own words are the message.
        case refused
        /// No answer before the deadline.
        case timedOut = "timed-out"
        /// The pipe is closed: the browser ended.
        case pipeClosed = "pipe-closed"
        /// The browser sent something that cannot be read.
        case malformed
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence; the browser's own words where there are some.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Code and message in one line.
    public var description: String { "\(code.rawValue): \(message)" }
}
