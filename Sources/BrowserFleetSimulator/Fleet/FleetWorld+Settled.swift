// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension FleetWorld {
    /// Long after the faults: one process holds each name, every gateway knows it as active and
    /// routes to it, and nothing is left of what went before.
    mutating func checkSettled() throws(Violation) {
        for seat in seats.indices {
            let name = seats[seat].name
            let holders = seats[seat].processes.filter {
                processes[$0].isAlive && processes[$0].serving != nil
            }
            guard holders.count == 1, let holder = holders.first else {
                throw Violation("has \(holders.count) holders of \(name) long after the faults")
            }
            guard processes[holder].takesNew else {
                throw Violation("has a holder of \(name) that takes nothing new")
            }
            for gateway in gateways.indices { try checkKnown(seat, holder, by: gateway) }
        }
        for (id, call) in calls.enumerated() where call.state == .open {
            throw Violation("never answers call \(id)")
        }
        for (number, browser) in browsers.enumerated() where !browser.isEnded {
            throw Violation("leaves browser \(number) that nobody has")
        }
        for gateway in gateways { try checkLedger(gateway) }
    }

    private func checkKnown(_ seat: Int, _ holder: Int, by gateway: Int) throws(Violation) {
        let (name, machine) = (seats[seat].name, gateways[gateway].machine)
        guard let standing = machine.standing(of: name) else {
            throw Violation("does not know \(name) long after the faults")
        }
        guard standing == .active else {
            throw Violation("holds \(name) for \(standing.rawValue) long after the faults")
        }
        guard machine.epoch(of: name) == processes[holder].serving else {
            throw Violation("listens to another process of \(name) than the one that holds it")
        }
        guard case .reachable(name, let endpoint) = machine.owner(of: name.prefix),
            process(at: endpoint, seat) == holder
        else { throw Violation("routes calls for \(name) elsewhere") }
    }

    private func checkLedger(_ gateway: FleetGateway) throws(Violation) {
        let ledger = gateway.machine.ledger
        guard gateway.machine.openCalls == 0, ledger.asked == ledger.ended else {
            throw Violation("has open calls that nobody asked")
        }
    }

    /// A caller who comes now is served, at whatever gateway.
    mutating func serveNewcomers() throws(Violation) {
        let first = calls.count
        for gateway in gateways.indices {
            try ask(gateway, PlacementWish(), patience: .seconds(3))
        }
        try live(for: .seconds(6))
        for call in first..<calls.count where calls[call].state != .made {
            throw Violation("serves no newcomer long after the faults")
        }
    }
}
