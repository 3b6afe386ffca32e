// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// One server name, and what lasts longer than the processes that have it.
struct FleetSeat: Sendable {
    let name: ServerName
    let region: String
    /// Whether it sends no heartbeats, so that gateways have to ask.
    let isPulled: Bool
    /// Processes of this name, in the order in which they were started.
    var processes: [Int] = []
    /// The number on its disk.
    var persisted: Int64?
    /// How far its wall clock is off, in milliseconds.
    var clockError: Int64 = 0
    /// Every create fails until then.
    var isBrokenUntil = FleetInstant.origin
    /// Since when no process of the name lives; `nil` while one does.
    var deadSince: FleetInstant? = .origin
    /// When a process of the name last started or ended.
    var changedAt = FleetInstant.origin
}

/// One process of a server: its claim to the name, and its browsers.
struct FleetProcess: Sendable {
    let seat: Int
    let id: UUIDv4
    /// `nil` in a fleet without a store.
    var claim: NameClaim?
    /// Under which epoch it serves; `nil` while it does not.
    var serving: ServerEpoch?
    var servingSince = FleetInstant.origin
    /// Whether it holds back: it serves what it has and takes nothing new.
    var holdsBack = false
    /// Whether it ends by itself when its browsers are gone, or its time is over.
    var isLeaving = false
    /// Whether a gateway told it that an operator wants it to drain.
    var isDrained = false
    var isAlive = true
    var pausedUntil = FleetInstant.origin
    var pausedSince = FleetInstant.origin
    var sequence: UInt64 = 0
    /// Browsers that are starting or there.
    var browsers: Set<Int> = []
    /// Calls to the store do not get there, or answers do not come back, until then.
    var losesStoreUntil = FleetInstant.origin
    var losesAnswersUntil = FleetInstant.origin
    /// By gateway: neither hears of the other until then, whatever the way to its server is like.
    var cutUntil: [FleetInstant]
    /// When the latest answer of the store arrives: answers keep their order.
    var answersUntil = FleetInstant.origin
    /// When it last sent a heartbeat because it had room again.
    var hurriedAt = FleetInstant.origin

    init(seat: Int, id: UUIDv4, gateways: Int) {
        self.seat = seat
        self.id = id
        cutUntil = Array(repeating: .origin, count: gateways)
    }

    var takesNew: Bool { serving != nil && !holdsBack && !isLeaving && !isDrained }
}

/// One browser.
struct FleetBrowser: Sendable {
    let process: Int
    let attempt: CreateAttempt
    let gateway: Int
    /// Whether it is there: its start is over.
    var isUp = false
    var isEnded = false
    /// Whether a client has it.
    var isClaimed = false
    /// Whether its client was told that its server is lost, and went away.
    var isForsaken = false
}

/// One caller.
struct FleetCall: Sendable {
    /// How a call stands. `open` -> every other.
    enum State: Sendable { case open, made, refused, gone, cutOff }

    let gateway: Int
    let life: Int
    let call: CreateCall
    let askedAt: FleetInstant
    var state = State.open
    /// The attempt the gateway has on its way for it.
    var attempt: CreateAttempt?
    /// When the latest attempt's patience is over.
    var attemptEnds: FleetInstant?
    /// Attempts that the driver still owes an outcome.
    var owed: Set<Int> = []
    /// Whether some server broke it: then it may be overtaken.
    var isBroken = false
    /// Of all calls that began to wait, the how manyeth; `nil` if it never had to.
    var waits: Int?
}
