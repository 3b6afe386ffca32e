// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Why a store did not do what was asked.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable, Equatable {
        /// A rule forbids it. Asking again gives the same answer until something changes.
        case refused(StoreRefusal)
        /// The store could not be reached in time, and nothing was changed. Try again later.
        case unavailable
        /// The connection ended while a change was under way: it was made whole, or not at all.
        /// Look before trying again.
        case outcomeUnknown
        /// Too many others changed the same records meanwhile. Nothing was changed.
        case contention
        /// The store answers, but cannot be used as it is set up; it needs an operator.
        case unusable
        /// What stands in the store cannot be read, for example written by a later version.
        case unreadable

        /// The word used in the API, metrics and events.
        public var word: String {
            switch self {
            case .refused(let refusal): refusal.word
            case .unavailable: "store-unavailable"
            case .outcomeUnknown: "store-outcome-unknown"
            case .contention: "store-contention"
            case .unusable: "store-unusable"
            case .unreadable: "store-unreadable"
            }
        }
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence: what happened, and how to mend it where that is known. Names no secret.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The answer of a rule.
    public init(_ refusal: StoreRefusal) {
        self.init(.refused(refusal), refusal.description)
    }

    /// The refusal, if a rule answered.
    public var refusal: StoreRefusal? {
        if case .refused(let refusal) = code { refusal } else { nil }
    }

    /// Word and message in one line.
    public var description: String { "\(code.word): \(message)" }
}
