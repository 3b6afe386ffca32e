// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why keys could not be read, written, made or revoked.
public struct KeyRingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The file cannot be read, or is not a keys file.
        case unreadable
        /// The file cannot be written.
        case unwritable
        /// There is a key of that name.
        case nameTaken = "name-taken"
        /// The name is empty, too long or has odd characters.
        case invalidName = "invalid-name"
        /// There is no such key.
        case unknownKey = "unknown-key"
        /// Keys that are not kept in a file cannot be changed.
        case noFile = "no-file"
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and how to mend it.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
