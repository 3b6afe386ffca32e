// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why another server gave no whole answer.
public struct ServerCallError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; the list is closed, since callers decide by it what may be repeated.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No connection came about: the server has not seen the call.
        case unreachable
        /// The connection ended in the middle: the server may have acted.
        case broken
        /// The deadline passed, or the caller was cancelled: the server may have acted.
        case deadline
        /// The answer's body is longer than the caller takes: the server has acted.
        case tooLarge = "too-large"
    }

    /// The kind of failure.
    public let kind: Kind
    /// What happened, for a log line; names the endpoint.
    public let message: String

    /// Creates an error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Whether the server cannot have seen the call, so that another may be asked instead.
    public var isUnseen: Bool { kind == .unreachable }

    /// Kind and message in one line.
    public var description: String { "\(kind.rawValue): \(message)" }
}
