// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension World {
    /// The server dies: what it knew is gone, and its browsers with it, since their pipes close.
    mutating func die() {
        guard isUp else { return }
        faults += 1
        isUp = false
        pastLedgers.append(pool.ledger)
        cutOff += model.waiting.count
        inbox = []
        going = []
        activity = [:]
        timer = nil
        agenda.keep { $0.outlivesServer }
        agenda.add(.starts, at: now.advanced(by: driverDice.milliseconds(20...3000)))
    }

    /// A new process with the same settings, which knows nothing of the one before.
    mutating func start() throws(Violation) {
        guard !isUp else { return }
        isUp = true
        let seed = driverDice.seed()
        entropy = bug == .repeatsNames ? Dice(seed: 1) : driverDice.split()
        pool = FaultyPool(configuration: scenario.configuration, seed: seed, bug: bug)
        model = PoolModel(configuration: scenario.configuration)
        hasLeapt = false
        try tell(.started)
        setBusy(isBusy)
        try tellInbox()
    }

    /// Every browser that is given away gets a name that no browser had, whoever served before.
    mutating func mint() throws(Violation) {
        let isNew = names.insert(entropy.name()).inserted
        try model.require(isNew, "gives a browser a name that another one has")
    }
}

extension World {
    /// Nothing goes wrong any more, and every lease is given back: whoever waits has an answer,
    /// every slot that was given back is free, and a newcomer is served, all within three times
    /// what it takes to notice that something hangs.
    mutating func recover() throws(Violation) {
        isLively = false
        try start()
        if isBusy { setBusy(false) }
        if !model.stopped { inbox.append(.resume) }
        for browser in model.browsers where browser.lease != nil {
            inbox.append(.finish(LeaseID(slot: browser.id), .deleted))
        }
        let going = model.browsers.filter { $0.lease != nil || $0.isGoing }.map(\.id)
        let latest = RequestID(requests)
        try tellInbox()
        try live(until: now.advanced(by: scenario.detectionBound * 3))
        try model.require(
            !model.waiting.contains { $0.request.id <= latest },
            "lets a caller wait long after the faults")
        try model.require(
            !model.browsers.contains { going.contains($0.id) },
            "does not free a slot long after the faults")
        if model.isRunning { try serveNewcomer() }
    }

    private mutating func serveNewcomer() throws(Violation) {
        requests += 1
        let newcomer = RequestID(requests)
        try tell(.requested(PoolRequest(id: newcomer, owner: "eve", queueTimeout: .seconds(12))))
        try live(until: now.advanced(by: scenario.detectionBound * 3))
        try model.require(
            model.granted.contains(newcomer), "serves nobody long after the faults")
    }
}

extension World.Happening {
    /// Whether it happens to the computer and its callers, not to a server's process.
    fileprivate var outlivesServer: Bool {
        switch self {
        case .arrival, .sample, .leap, .killed, .starts: true
        case .leaves, .launchAnswers, .browserBreaks, .browserIsGone, .clientMoves, .clientComes,
            .clientGoes, .memoryGrows, .drain, .resume, .stop:
            false
        }
    }
}
