// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Mistakes that a pool could make, to prove that the checkers find them. Each is made outside the
/// machine: in what it is told, in what comes out, or in what it was configured with.
public enum PlantedBug: String, Hashable, Sendable, CaseIterable {
    /// A caller that leaves is not taken out of the queue.
    case losesCancellations
    /// A browser that is gone keeps its slot.
    case leaksSlots
    /// One browser is given to two callers.
    case grantsTwice
    /// A browser is given to another caller instead of being destroyed.
    case reusesBrowsers
    /// One launch more at once than allowed.
    case launchesTooManyAtOnce
    /// One browser more than there are slots.
    case overfills
    /// One lease more than allowed.
    case leasesTooMany
    /// Traffic does not count as activity.
    case missesActivity
    /// The timer is never armed.
    case forgetsTimer
    /// A drain is not heard.
    case ignoresDrain
    /// A busy computer is not heard of.
    case ignoresPressure
    /// Failed launches are tried again at once.
    case hammersLaunches
    /// Failed launches never lead to a quarantine.
    case neverQuarantines
    /// An end is asked for twice, with another reason.
    case endsTwice
    /// Warm is said for cold and cold for warm.
    case saysWrongStart
    /// The last to come is served first.
    case servesLastFirst
    /// A client that leaves is not noticed.
    case missesDisconnects
    /// Memory over the limit is not noticed.
    case ignoresMemory
    /// More browsers are kept ready than asked for.
    case launchesForNobody
    /// A launch that hangs is never killed.
    case neverKills
    /// A client's lifetime is not capped.
    case stretchesLifetimes
    /// A caller whose time is up is not told.
    case forgetsRefusals
    /// A class is not looked at.
    case ignoresClasses
    /// A browser that crashed stays leased.
    case missesCrashes
    /// A lease is ended because the computer is busy.
    case endsUnderPressure
    /// After a start the same random names come again.
    case repeatsNames
}

extension PlantedBug {
    /// The configuration a machine with this bug runs under.
    func mutate(_ configuration: PoolConfiguration) -> PoolConfiguration {
        var copy = configuration
        switch self {
        case .launchesTooManyAtOnce: copy.launch.concurrency += 1
        case .overfills: copy.maxBrowsers += 1
        case .leasesTooMany: copy.maxLeases += 1
        case .hammersLaunches: copy.launch.firstBackOff = .milliseconds(1)
        case .neverQuarantines: copy.launch.quarantineAfter = .max
        case .launchesForNobody: copy.warmHeadless += 1
        case .stretchesLifetimes: copy.maxLifetime.most = .seconds(9000)
        case .losesCancellations, .leaksSlots, .grantsTwice, .reusesBrowsers, .missesActivity,
            .forgetsTimer, .ignoresDrain, .ignoresPressure, .endsTwice, .saysWrongStart,
            .servesLastFirst, .missesDisconnects, .ignoresMemory, .neverKills, .forgetsRefusals,
            .ignoresClasses, .missesCrashes, .endsUnderPressure, .repeatsNames:
            break
        }
        return copy
    }

    /// What a machine with this bug hears of `event`; `nil` if nothing.
    func mutate(_ event: PoolMachine.Event) -> PoolMachine.Event? {
        switch (self, event) {
        case (.losesCancellations, .cancelled), (.ignoresDrain, .drain),
            (.ignoresPressure, .sampled), (.missesDisconnects, .disconnected),
            (.ignoresMemory, .memory), (.missesCrashes, .broke):
            return nil
        case (.leaksSlots, .ended(let slot)): return slot.occupation % 4 == 3 ? nil : event
        case (.missesActivity, .activity(let lease, _, _)):
            return .activity(lease, last: nil, viewers: 0)
        case (.ignoresClasses, .requested(var request)):
            request.priority = .normal
            return .requested(request)
        default: return event
        }
    }
}
