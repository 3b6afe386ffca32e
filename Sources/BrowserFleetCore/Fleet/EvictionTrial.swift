// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Whether a silent server may be given up: a few others are asked whether they answer, because an
/// observer that hears from nobody is itself what is cut off.
///
/// States: `called` -> `adjourned`, or a new trial if the observer stood still meanwhile;
/// `adjourned` -> a new trial. It ends when the server is heard of.
struct EvictionTrial: Equatable, Sendable {
    /// Where the trial stands.
    enum State: Equatable, Sendable {
        /// The others were asked, and have until then.
        case called(due: FleetInstant)
        /// The eviction was refused; the next trial begins then.
        case adjourned(until: FleetInstant)
    }

    /// How many others are asked: an even split of so few is no answer, so an odd number.
    static let jurors = 5

    /// Who was asked.
    let jury: [ServerName]
    /// When they were asked.
    let calledAt: FleetInstant
    private(set) var state: State

    /// Asks `jury`, which answers within `patience`.
    init(_ jury: [ServerName], within patience: Duration, at now: FleetInstant) {
        self.jury = jury
        calledAt = now
        state = .called(due: now.advanced(by: patience))
    }

    /// When something happens by itself.
    var nextDeadline: FleetInstant {
        switch state {
        case .called(let due): due
        case .adjourned(let until): until
        }
    }

    /// The eviction was refused.
    mutating func adjourn(until instant: FleetInstant) { state = .adjourned(until: instant) }

    /// Whether more than half of the jury was heard of since it was asked.
    func isSure(heardAt: (ServerName) -> FleetInstant?) -> Bool {
        let heard = jury.count { heardAt($0).map { $0 >= calledAt } ?? false }
        return heard * 2 > jury.count
    }
}
