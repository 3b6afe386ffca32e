// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Names one occupation of a slot: one launch and whatever became of it.
///
/// A slot's place is used again after its browser is gone, but never under the same ID, so an
/// event that comes late is recognised and ignored.
public struct SlotID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The slot's place, from 0 to capacity - 1.
    public let index: Int
    /// How often the place had been taken before and including this time; 1 is the first.
    public let occupation: Int

    /// Creates the ID of the `occupation`th use of place `index`.
    public init(index: Int, occupation: Int) {
        self.index = index
        self.occupation = occupation
    }

    /// Place and occupation, as in `3.17`.
    public var description: String { "\(index).\(occupation)" }

    /// Orders by place, then by occupation.
    public static func < (left: SlotID, right: SlotID) -> Bool {
        (left.index, left.occupation) < (right.index, right.occupation)
    }
}

/// Names one lease. A browser is leased at most once, so the slot's ID is all it takes.
public struct LeaseID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The slot that holds the leased browser.
    public let slot: SlotID

    /// Creates the ID of the only lease that `slot` can have.
    public init(slot: SlotID) {
        self.slot = slot
    }

    /// The slot's description.
    public var description: String { slot.description }

    /// Orders as the slots do.
    public static func < (left: LeaseID, right: LeaseID) -> Bool { left.slot < right.slot }
}

/// Names one caller waiting for a browser. The driver mints it and never uses it twice.
public struct RequestID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The driver's number.
    public let number: Int

    /// Creates an ID from the driver's number.
    public init(_ number: Int) {
        self.number = number
    }

    /// The number.
    public var description: String { "\(number)" }

    /// Orders by number.
    public static func < (left: RequestID, right: RequestID) -> Bool {
        left.number < right.number
    }
}

/// Names one connection. The driver mints it and never uses it twice.
public struct ConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The driver's number.
    public let number: Int

    /// Creates an ID from the driver's number.
    public init(_ number: Int) {
        self.number = number
    }

    /// The number.
    public var description: String { "\(number)" }

    /// Orders by number.
    public static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.number < right.number
    }
}
