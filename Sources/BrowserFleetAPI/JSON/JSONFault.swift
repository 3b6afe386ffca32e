// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not JSON, and where.
public struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected or found, as the end of a sentence.
    public var message: String
    /// Bytes in front of the fault.
    public var offset: Int

    /// Creates a fault.
    public init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// Message and place in one sentence.
    public var description: String { "\(message) at byte \(offset)" }
}
