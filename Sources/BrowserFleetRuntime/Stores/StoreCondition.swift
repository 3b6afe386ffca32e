// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Whether a store does its work, by what became of what was asked of it. A value.
///
/// Questions and changes are told apart, because a store whose disk is full, or that became a
/// replica, still answers questions: only a change that works shows that changes work again.
public struct StoreCondition: Equatable, Sendable {
    /// What was asked of the store.
    public enum Deed: Hashable, Sendable, CaseIterable {
        /// To read.
        case question
        /// To write.
        case change
    }

    /// What an operator should hear.
    public enum News: Equatable, Sendable {
        /// The store does not work any more, or for another reason than before.
        case lost(StoreError)
        /// It works again, so long after it was lost.
        case returned(after: Duration)
    }

    private var question: StoreError?
    private var change: StoreError?
    private var lostAt: FleetInstant?

    /// A store that nothing was asked of works, as far as is known.
    public init() {}

    /// Why the store does not work; `nil` while it does.
    public var trouble: StoreError? { change ?? question }

    /// What to try next to learn whether it works again.
    public var nextLook: Deed { change == nil ? .question : .change }

    /// Takes what became of a deed.
    ///
    /// - Parameters:
    ///   - error: why it failed; `nil` if it was done.
    ///   - deed: what was asked.
    ///   - now: when.
    /// - Returns: what an operator should hear, if there is anything new.
    public mutating func note(
        _ error: StoreError?, of deed: Deed, at now: FleetInstant
    ) -> News? {
        let before = trouble
        let fault = error.flatMap { $0.isFaultOfStore ? $0 : nil }
        switch deed {
        case .question: question = fault
        case .change:
            change = fault
            if fault == nil { question = nil }
        }
        guard let trouble else {
            defer { lostAt = nil }
            return lostAt.map { .returned(after: $0.duration(to: now)) }
        }
        lostAt = lostAt ?? now
        return before?.code == trouble.code ? nil : .lost(trouble)
    }
}

extension StoreError {
    /// Whether the store is what did not work, and not what was asked of it or what stands in it.
    fileprivate var isFaultOfStore: Bool {
        switch code {
        case .unavailable, .outcomeUnknown, .unusable: true
        case .refused, .contention, .unreadable: false
        }
    }
}
