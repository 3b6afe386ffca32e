// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Taking a server name")
struct NameClaimTests {
    private static let process = UUIDv4(high: 1, low: 1)
    private static let other = UUIDv4(high: 2, low: 2)
    private static let clock: Int64 = 1_700_000_000_000

    private static func second(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    private static func epoch(_ number: Int64, _ process: UUIDv4 = other) -> ServerEpoch {
        ServerEpoch(number: number, process: process)
    }

    /// A claim that holds the name under the clock's number.
    private static func holding() -> NameClaim {
        var claim = NameClaim(process: process)
        _ = claim.tell(.started(persisted: nil))
        _ = claim.tell(.read(nil))
        _ = claim.tell(.written(epoch(clock, process)))
        return claim
    }

    @Test("the number is above all that is known, and not below the clock")
    func numbers() {
        #expect(ServerEpoch.number(above: [], unixMilliseconds: 7) == 7)
        #expect(ServerEpoch.number(above: [9, 3], unixMilliseconds: 7) == 10)
        #expect(ServerEpoch.number(above: [3], unixMilliseconds: 7) == 7)
        #expect(ServerEpoch.number(above: [.max], unixMilliseconds: 7) == .max)
    }

    @Test("a first process reads, writes to its disk, then to the store, and serves")
    func first() {
        var claim = NameClaim(process: Self.process)
        let epoch = Self.epoch(Self.clock, Self.process)
        #expect(claim.tell(.started(persisted: nil)) == [.read])
        #expect(claim.tell(.read(nil)) == [.persist(Self.clock), .write(epoch, instead: nil)])
        #expect(claim.tell(.written(epoch)) == [.serve(epoch)])
        #expect(claim.state == .holding)
    }

    @Test("a newcomer replaces the one before it, above its number")
    func newcomer() {
        var claim = NameClaim(process: Self.process)
        _ = claim.tell(.started(persisted: nil))
        let before = Self.epoch(Self.clock + 50)
        let wanted = Self.epoch(Self.clock + 51, Self.process)
        #expect(claim.tell(.read(before)).last == .write(wanted, instead: before))
        let another = Self.epoch(Self.clock + 90)
        let again = Self.epoch(Self.clock + 91, Self.process)
        #expect(claim.tell(.beaten(another)).last == .write(again, instead: another))
    }

    @Test("its own disk counts where the store forgot and the clock is wrong")
    func persisted() {
        var claim = NameClaim(process: Self.process)
        _ = claim.tell(.started(persisted: Self.clock + 1000))
        #expect(claim.tell(.read(nil)).first == .persist(Self.clock + 1001))
    }

    @Test("a holder that finds a newer process in the store stops for good")
    func fenced() {
        var claim = Self.holding()
        #expect(claim.tell(.read(Self.epoch(Self.clock + 1))) == [.stop])
        #expect(claim.state == .fenced)
        #expect(claim.nextDeadline == nil)
        #expect(claim.tell(.woke, at: Self.second(60)) == [])
    }

    @Test("a holder whose store forgot writes itself in again")
    func forgotten() {
        var claim = Self.holding()
        let own = Self.epoch(Self.clock, Self.process)
        #expect(claim.tell(.read(nil)) == [.write(own, instead: nil)])
    }

    @Test("an entry of a process that ended, which an older state of the store brought back, goes")
    func broughtBack() {
        var claim = Self.holding()
        let own = Self.epoch(Self.clock, Self.process)
        let dead = Self.epoch(Self.clock - 9)
        #expect(claim.tell(.read(dead), at: Self.second(1)) == [])
        #expect(claim.tell(.read(dead), at: Self.second(3)) == [])
        #expect(claim.tell(.read(dead), at: Self.second(4)) == [.write(own, instead: dead)])
        #expect(claim.tell(.written(own), at: Self.second(5)) == [])
        #expect(claim.tell(.read(dead), at: Self.second(6)) == [])
    }

    @Test("a holder that hears nothing takes nothing new, and serves again when it hears")
    func unsure() {
        var claim = Self.holding()
        let own = Self.epoch(Self.clock, Self.process)
        #expect(claim.tell(.woke, at: Self.second(1)) == [.read])
        #expect(claim.tell(.woke, at: Self.second(3)) == [.holdBack, .read])
        #expect(claim.state == .unsure)
        #expect(claim.tell(.read(own), at: Self.second(4)) == [.serve(own)])
    }

    @Test("a number that nobody listens to is raised, unless the name is another's by now")
    func raised() {
        var claim = Self.holding()
        #expect(claim.tell(.refused(newest: Self.clock + 9)) == [.holdBack, .read])
        var loser = claim
        let own = Self.epoch(Self.clock, Self.process)
        let higher = Self.epoch(Self.clock + 10, Self.process)
        #expect(claim.tell(.read(own)).last == .write(higher, instead: own))
        #expect(claim.tell(.written(higher)) == [.serve(higher)])
        #expect(loser.tell(.read(Self.epoch(Self.clock + 9))) == [.stop])
    }

    @Test("a process that leaves takes its entry with it")
    func leaves() {
        var claim = Self.holding()
        let own = Self.epoch(Self.clock, Self.process)
        #expect(claim.tell(.leave) == [.stop, .erase(own)])
        #expect(claim.tell(.read(own)) == [])
    }

    @Test("a guard listens to the newest epoch alone, and to one process for a number")
    func guarded() {
        var door = EpochGuard()
        #expect(door.judge(Self.epoch(5)) == .accepted)
        #expect(door.judge(Self.epoch(5)) == .accepted)
        #expect(door.judge(Self.epoch(5, Self.process)) == .stale(newest: 5))
        #expect(door.judge(Self.epoch(6, Self.process)) == .accepted)
        #expect(door.judge(Self.epoch(5)) == .stale(newest: 6))
    }
}

extension NameClaim {
    /// Tells it something at an instant, on a clock that stands still.
    fileprivate mutating func tell(
        _ event: Event, at now: FleetInstant = .origin
    ) -> [Action] {
        handle(event, at: now, unixMilliseconds: 1_700_000_000_000)
    }
}
