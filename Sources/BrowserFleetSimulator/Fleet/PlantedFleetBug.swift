// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Mistakes that a fleet could make, to prove that the checkers find them. Some are made around a
/// gateway's machine: in what it is told, in what comes out, in how it was configured; the others
/// by the drivers around it, by servers, or by the store.
public enum PlantedFleetBug: String, Hashable, Sendable, CaseIterable {
    /// A heartbeat of an older process is taken for one of the present.
    case listensToOlder
    /// A silent server is given up without asking others.
    case asksNoJury
    /// As many servers are given up as fall silent.
    case spendsNoBudget
    /// Silence is suspicious at once.
    case suspectsAtOnce
    /// Silence is suspicious late.
    case suspectsLate
    /// The timer is never set.
    case forgetsTimer
    /// A heartbeat is not answered now and then.
    case losesHeartbeats
    /// A server that was given up is never heard again.
    case neverReturns
    /// Servers are never asked.
    case neverProbes
    /// Answers of servers are not heard.
    case losesAnswers
    /// A good-bye is not heard.
    case ignoresGoodbye
    /// That a server drains is not heard.
    case ignoresDrain
    /// An operator is not heard.
    case ignoresMarks
    /// A full server counts as broken.
    case fullIsBroken
    /// Servers thought unwell are considered like all others.
    case trustsNoOpinion
    /// A caller whose time is up is not told.
    case forgetsRefusals
    /// A caller that is refused is told twice.
    case refusesTwice
    /// A caller that goes away is not noticed.
    case losesCancellations
    /// A browser that comes too late is kept.
    case neverReleases
    /// One more may wait than allowed.
    case overfillsQueue
    /// Callers wait longer than they would.
    case stretchesPatience
    /// Some callers are served before others of their class.
    case ignoresClasses
    /// Calls about a browser go to another server.
    case misroutes
    /// Clients are told that a server is lost because checks fail.
    case endsLeasesByOpinion
    /// A process that another one follows goes on.
    case ignoresFence
    /// The store writes without comparing.
    case writesBlindly
    /// The store is never looked at again.
    case neverRenews
    /// A process that cannot reach the store gives browsers all the same.
    case neverHoldsBack
    /// A number that a gateway does not listen to is kept.
    case keepsLowNumber
    /// A new process passes for the one before.
    case repeatsEpoch
}
