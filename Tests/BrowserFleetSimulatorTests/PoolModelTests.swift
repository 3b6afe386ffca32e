// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@testable import BrowserFleetSimulator

@Suite("The model of a pool")
struct PoolModelTests {
    private static let slot = SlotID(index: 0, occupation: 1)
    private static let lease = LeaseID(slot: slot)

    private static func second(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    /// A model with room for two, told that a caller came.
    private func model() -> PoolModel {
        var configuration = PoolConfiguration(maxBrowsers: 2, warmHeadless: 0)
        configuration.launch.concurrency = 1
        configuration.lifetimeJitter = 0
        var model = PoolModel(configuration: configuration)
        model.told(.requested(PoolRequest(id: RequestID(1), owner: "ann")), at: .origin)
        return model
    }

    /// The same, and then what `prepare` says.
    private func model(_ prepare: (inout PoolModel) throws -> Void) rethrows -> PoolModel {
        var model = model()
        try prepare(&model)
        return model
    }

    private func leased() throws -> PoolModel {
        try model {
            try $0.check(.launch(Self.slot, .headless))
            $0.told(.launched(Self.slot), at: Self.second(1))
            try $0.check(.grant(RequestID(1), grant()))
        }
    }

    private func grant(_ change: (inout Grant) -> Void = { _ in }) -> Grant {
        var grant = Grant(
            lease: Self.lease, start: .cold, expiresAt: Self.second(1801), waited: .seconds(1))
        change(&grant)
        return grant
    }

    private func isLegal(_ action: PoolMachine.Action, _ model: PoolModel) -> Bool {
        var model = model
        do throws(Violation) {
            try model.check(action)
            return true
        } catch {
            return false
        }
    }

    @Test("lets a sound life of a lease pass")
    func sound() throws {
        var model = try leased()
        model.told(.finish(Self.lease, .deleted), at: Self.second(2))
        try model.check(.end(Self.slot, Self.lease, .deleted))
        model.told(.ended(Self.slot), at: Self.second(3))
        #expect(model.browsers.isEmpty)
    }

    @Test("refuses launches that the rules do not want")
    func launches() throws {
        let other = SlotID(index: 1, occupation: 1)
        #expect(isLegal(.launch(Self.slot, .headless), model()))
        #expect(!isLegal(.launch(Self.slot, .headful), model()), "nobody wants it")
        #expect(!isLegal(.launch(SlotID(index: 2, occupation: 1), .headless), model()), "no room")
        let busy = try model { try $0.check(.launch(Self.slot, .headless)) }
        #expect(!isLegal(.launch(Self.slot, .headless), busy), "the place is taken")
        #expect(!isLegal(.launch(other, .headless), busy), "one at once")
        let failed = try model {
            try $0.check(.launch(Self.slot, .headless))
            $0.told(.launchFailed(Self.slot, .server), at: .origin)
        }
        #expect(!isLegal(.launch(other, .headless), failed), "the pause is on")
        let draining = model { $0.told(.drain(by: Self.second(9)), at: .origin) }
        #expect(!isLegal(.launch(Self.slot, .headless), draining))
    }

    @Test("refuses grants that are not as they should be")
    func grants() throws {
        let ready = try model {
            try $0.check(.launch(Self.slot, .headless))
            $0.told(.launched(Self.slot), at: Self.second(1))
        }
        let one = RequestID(1)
        #expect(isLegal(.grant(one, grant()), ready))
        #expect(!isLegal(.grant(RequestID(2), grant()), ready), "nobody of that name waits")
        #expect(!isLegal(.grant(one, grant { $0.start = .warm }), ready))
        #expect(!isLegal(.grant(one, grant { $0.waited = .zero }), ready))
        #expect(!isLegal(.grant(one, grant { $0.expiresAt = Self.second(9000) }), ready))
        var left = ready
        left.told(.cancelled(one), at: Self.second(1))
        #expect(!isLegal(.grant(one, grant()), left))
        #expect(!isLegal(.grant(one, grant()), try leased()), "never twice")
    }

    @Test("refuses reasons that are not so", arguments: EndReason.allCases)
    func reasons(reason: EndReason) throws {
        #expect(!isLegal(.end(Self.slot, Self.lease, reason), try leased()))
    }

    @Test("refuses refusals that are not so")
    func refusals() {
        for reason in [Refusal.Reason.queueFull, .queueTimeout, .draining, .quarantined] {
            let refusal = Refusal(reason: reason, place: 1, retryAfter: .seconds(1))
            #expect(!isLegal(.refuse(RequestID(1), refusal), model()))
        }
        var late = model()
        late.told(.woke, at: Self.second(30))
        let timeout = Refusal(reason: .queueTimeout, place: 1, retryAfter: .seconds(1))
        #expect(isLegal(.refuse(RequestID(1), timeout), late))
        let hasty = Refusal(reason: .queueTimeout, place: 1, retryAfter: .zero)
        #expect(!isLegal(.refuse(RequestID(1), hasty), late))
        let far = Refusal(reason: .queueTimeout, place: 2, retryAfter: .seconds(1))
        #expect(!isLegal(.refuse(RequestID(1), far), late))
    }

    @Test("refuses to kill what is well, and to have drained with browsers left")
    func kills() throws {
        #expect(!isLegal(.kill(Self.slot), try leased()))
        #expect(!isLegal(.kill(SlotID(index: 1, occupation: 1)), try leased()))
        #expect(!isLegal(.drained, try leased()))
        #expect(!isLegal(.drained, model()))
    }

    @Test("does not settle on a ledger that does not add up, or on a caller forgotten")
    func settles() throws {
        var model = try leased()
        let machine = PoolMachine(configuration: model.configuration, seed: 1)
        #expect(throws: Violation.self) { try model.settled(machine.counts) }
        var idle = self.model()
        var counts = machine.counts
        counts.waiting = 1
        #expect(throws: Violation("launches nothing though callers wait")) {
            try idle.settled(counts)
        }
    }
}
