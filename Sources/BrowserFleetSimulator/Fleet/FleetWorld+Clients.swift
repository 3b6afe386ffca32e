// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    /// A caller comes to a gateway, and the next is planned.
    mutating func call(at gateway: Int) throws(Violation) {
        guard !isOver else { return }
        agenda.add(
            .calls(gateway: gateway),
            at: now.advanced(by: clients.milliseconds(1...max(1, plan.callerGap * 2))))
        guard gateways[gateway].isAlive, gateways[gateway].pausedUntil <= now else { return }
        let patience = clients.pick([0, 500, 2000, 5000])
        try ask(gateway, wish(), patience: .milliseconds(patience))
        guard clients.chance(100) else { return }
        agenda.add(
            .vanishes(call: calls.count - 1),
            at: now.advanced(by: clients.milliseconds(0...3000)))
    }

    /// The key of calls that are themselves at fault.
    static let badKey = "bad"

    private mutating func wish() -> PlacementWish {
        switch clients.number(0...29) {
        case 0, 1: PlacementWish(region: clients.pick(seats).region)
        case 2, 3: PlacementWish(key: "k\(clients.number(0...9))")
        case 4: PlacementWish(server: clients.pick(seats).name)
        case 5: PlacementWish(key: Self.badKey)
        default: PlacementWish()
        }
    }

    mutating func ask(
        _ gateway: Int, _ wish: PlacementWish, patience: Duration
    ) throws(Violation) {
        let id = calls.count
        let call = CreateCall(
            id: RequestID(id), owner: clients.pick(["x", "y", "z"]),
            priority: clients.pick([.low, .normal, .normal, .normal, .high]),
            wish: wish, patience: patience, isExplained: clients.chance(30))
        calls.append(
            FleetCall(gateway: gateway, life: gateways[gateway].life, call: call, askedAt: now))
        gateways[gateway].open.insert(id)
        tally.asked += 1
        try tell(gateway, .create(.asked(call)))
        noteWaiting(id)
    }

    mutating func vanish(_ call: Int) throws(Violation) {
        guard calls[call].state == .open else { return }
        let gateway = calls[call].gateway
        if gateways[gateway].pausedUntil > now {
            return agenda.add(.vanishes(call: call), at: gateways[gateway].pausedUntil)
        }
        close(call, .gone)
        try tell(gateway, .create(.cancelled(RequestID(call))))
    }

    mutating func close(_ call: Int, _ state: FleetCall.State) {
        calls[call].state = state
        gateways[calls[call].gateway].open.remove(call)
    }

    /// A client gives its browser back through a gateway, which finds the owner from the ID.
    mutating func release(_ browser: Int) throws(Violation) {
        guard !browsers[browser].isEnded, !browsers[browser].isForsaken else { return }
        let process = browsers[browser].process
        let seat = processes[process].seat
        guard let gateway = anyGateway(instead: browsers[browser].gateway) else {
            return again(browser)
        }
        switch gateways[gateway].machine.owner(of: seats[seat].name.prefix) {
        case .own: throw Violation("takes a server's browser for its own")
        case .unknown: again(browser)
        case .lost(let name):
            try checkOwner(name, seat)
            forsake(browser)
        case .reachable(let name, let endpoint), .unreachable(let name, let endpoint):
            try checkOwner(name, seat)
            let owner = self.process(at: endpoint, seat)
            guard let owner, !isShut(gateway, from: owner) else {
                try called(seat, by: gateway, failed: true)
                return again(browser)
            }
            guard !isDeaf(gateway, to: owner), processes[owner].pausedUntil <= now else {
                return again(browser)
            }
            // Another process of the name knows no such browser; that is an answer too.
            if owner == process { end(browser) } else { forsake(browser) }
            try called(seat, by: gateway, failed: false)
        }
    }

    private func checkOwner(_ name: ServerName, _ seat: Int) throws(Violation) {
        guard name == seats[seat].name else {
            throw Violation("sends a call for \(seats[seat].name) to \(name)")
        }
    }

    private mutating func called(
        _ seat: Int, by gateway: Int, failed: Bool
    ) throws(Violation) {
        noteCall(seat, by: gateway, failed: failed)
        try tell(gateway, .fleet(.called(seats[seat].name, failed: failed)))
    }

    private mutating func again(_ browser: Int) {
        agenda.add(.releases(browser: browser), at: now.advanced(by: .milliseconds(400)))
    }

    private func anyGateway(instead preferred: Int) -> Int? {
        ([preferred] + Array(gateways.indices)).first {
            gateways[$0].isAlive && gateways[$0].pausedUntil <= now
        }
    }
}
