// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with one field of a request.
public struct FieldFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault; a ``ProblemCode`` of a 400 answer.
    public var code: ProblemCode
    /// Where: names joined by dots, places in lists in brackets; empty for the body itself.
    public var path: String
    /// What is wrong and what would be right.
    public var message: String

    /// Creates a fault.
    public init(_ code: ProblemCode, at path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// Path and message in one sentence.
    public var description: String { path.isEmpty ? message : "'\(path)': \(message)" }
}
