// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Supply and demand of one kind of browser.
struct Shelf: Equatable, Sendable {
    /// Browsers nobody has had, the oldest first.
    var warm: [SlotID] = []
    /// Launches under way.
    var starting = 0
    /// Callers that wait for one.
    var waiting = 0
    /// Failed launches in a row.
    var failures = 0

    /// Callers for whom nothing is ready or on its way.
    var unmet: Int { max(0, waiting - warm.count - starting) }
    /// Callers for whom something is.
    var covered: Int { min(waiting, warm.count + starting) }
    /// Whether a caller could be served now.
    var isMatched: Bool { waiting > 0 && !warm.isEmpty }

    /// Whether a launch is wanted for the sake of callers alone.
    var isShort: Bool { wantsLaunch(keptWarm: 0, waiting: waiting) }

    /// Whether there is nothing to remember. Failures count only while somebody
    /// waits or a launch is under way.
    var isBlank: Bool { warm.isEmpty && starting == 0 && waiting == 0 }

    /// The HikariCP rule: one more is launched only while fewer than `keptWarm` are ready or more
    /// callers wait than browsers are ready or on their way. Where HikariCP has one thread that
    /// adds, several launches may be under way here, so those count as ready in both halves.
    func wantsLaunch(keptWarm: Int, waiting: Int) -> Bool {
        warm.count + starting < keptWarm || waiting > warm.count + starting
    }
}

/// All shelves, with sums kept along so that no event has to look at every one.
///
/// The two ordinary kinds have places of their own: nearly every event is about one of them, and
/// no text has to be hashed to find it.
struct Shelves: Equatable, Sendable {
    private var headless = Shelf()
    private var headful = Shelf()
    /// Shelves for properties that clients chose; none that is blank.
    private var chosen: [LaunchProperties: Shelf] = [:]
    /// Sum of ``Shelf/unmet``.
    private(set) var unmet = 0
    /// Sum of ``Shelf/covered``.
    private(set) var covered = 0
    /// Shelves of which ``Shelf/isMatched`` holds.
    private(set) var matched = 0

    /// The shelf for `properties`; blank if there is none.
    subscript(properties: LaunchProperties) -> Shelf {
        guard properties.isPlain else { return chosen[properties] ?? Shelf() }
        return properties.headful ? headful : headless
    }

    /// Changes one shelf and the sums with it.
    mutating func update(_ properties: LaunchProperties, _ change: (inout Shelf) -> Void) {
        guard properties.isPlain else { return updateChosen(properties, change) }
        if properties.headful {
            count(headful, sign: -1)
            change(&headful)
            count(headful, sign: 1)
        } else {
            count(headless, sign: -1)
            change(&headless)
            count(headless, sign: 1)
        }
    }

    private mutating func updateChosen(
        _ properties: LaunchProperties, _ change: (inout Shelf) -> Void
    ) {
        var shelf = chosen.removeValue(forKey: properties) ?? Shelf()
        count(shelf, sign: -1)
        change(&shelf)
        count(shelf, sign: 1)
        if !shelf.isBlank { chosen[properties] = shelf }
    }

    private mutating func count(_ shelf: Shelf, sign: Int) {
        unmet += sign * shelf.unmet
        covered += sign * shelf.covered
        matched += shelf.isMatched ? sign : 0
    }
}

extension Shelves {
    /// The sums of all shelves, counted afresh.
    struct Recount: Equatable, Sendable {
        var unmet = 0
        var covered = 0
        var matched = 0
        var starting = 0
        var warm = 0
        var waiting = 0
    }

    /// The sums counted afresh; for ``PoolMachine/checkInvariants()``.
    var recount: Recount {
        var sums = Recount()
        for shelf in [headless, headful] + chosen.values {
            sums.unmet += shelf.unmet
            sums.covered += shelf.covered
            sums.matched += shelf.isMatched ? 1 : 0
            sums.starting += shelf.starting
            sums.warm += shelf.warm.count
            sums.waiting += shelf.waiting
        }
        return sums
    }
}
