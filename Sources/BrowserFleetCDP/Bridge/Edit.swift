// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A change to the message in hand, small whatever the size of the message.
///
/// The driver sends `message[..<removed.lowerBound] + inserted + message[removed.upperBound...]`,
/// as slices of the buffer it already holds. Both parts may be empty; then the message goes as
/// it came.
public struct Edit: Equatable, Sendable {
    /// The bytes left out, counted from the start of the message.
    public var removed: Range<Int>
    /// What stands in their place. Shared storage: copying it costs a reference, not bytes.
    public var inserted: [UInt8]

    /// The edit that takes `removed` out and puts `inserted` where it began.
    public init(removing removed: Range<Int>, inserting inserted: [UInt8]) {
        self.removed = removed
        self.inserted = inserted
    }

    /// The message as it came.
    public static let none = Edit(removing: 0..<0, inserting: [])

    /// The edited message as bytes of its own; for tests and for drivers that do not slice.
    public func applied(to message: [UInt8]) -> [UInt8] {
        Array(message[..<removed.lowerBound]) + inserted + Array(message[removed.upperBound...])
    }
}
