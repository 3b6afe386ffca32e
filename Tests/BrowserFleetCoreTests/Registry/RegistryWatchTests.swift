// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("What a gateway makes of the shared registry")
struct RegistryWatchTests {
    private static let own = Self.name("own.example")
    private static let other = Self.name("other.example")

    private static func name(_ text: String) -> ServerName {
        (try? ServerName(text)) ?? .localhost
    }

    private static func id(_ text: String) throws -> ServerID { try ServerID(text) }

    private static func epoch(_ number: Int64) -> ServerEpoch {
        var generator = SeededGenerator(seed: UInt64(number))
        return ServerEpoch(number: number, process: UUIDv4(using: &generator))
    }

    private static func record(
        _ id: String = "other-1", _ name: ServerName = other, number: Int64 = 1,
        sequence: UInt64 = 1, _ change: (inout ServerRecord) -> Void = { _ in }
    ) throws -> ServerRecord {
        var record = ServerRecord(id: try Self.id(id), createdAt: 0)
        record.serverName = name
        record.presence = .active
        record.epoch = epoch(number)
        record.sequence = sequence
        var fields = ServerFields()
        fields.url = "http://10.0.0.7:3000"
        record.described = fields
        change(&record)
        return record
    }

    private static func at(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    private static func watch() -> RegistryWatch {
        RegistryWatch(own: own, patience: .seconds(3))
    }

    @Test("a server is entered once, anew when what is said of it changes, and removed")
    func entering() throws {
        var watch = Self.watch()
        let record = try Self.record()
        let first = watch.read([record], missing: [], at: Self.at(0))
        guard case .enter(let entry, let id)? = first.first, first.count == 1 else {
            Issue.record("\(first)")
            return
        }
        #expect(entry.name == Self.other && entry.origin == .listed && id == record.id)
        #expect(entry.endpoint.description == "http://10.0.0.7:3000")
        #expect(watch.read([record], missing: [], at: Self.at(1)) == [])
        let amended = try Self.record {
            $0.entered = {
                var f = ServerFields(); f.weight = 7; return f
            }()
        }
        let again = watch.read([amended], missing: [], at: Self.at(2))
        guard case .enter(let changed, _)? = again.first else {
            Issue.record("\(again)")
            return
        }
        #expect(changed.origin == .manual && changed.fields.weight == 7)
        let entered = try Self.record {
            ($0.presence, $0.epoch, $0.entered) = (.neverConnected, nil, $0.described)
        }
        _ = watch.read([entered], missing: [], at: Self.at(3))
        #expect(watch.read([], missing: [], at: Self.at(4)) == [.remove(Self.other)])
        #expect(watch.read([], missing: [], at: Self.at(5)) == [])
    }

    @Test("a store that lost its memory makes no gateway forget a server that answers")
    func emptied() throws {
        var watch = Self.watch()
        let record = try Self.record()
        _ = watch.read([record], missing: [], at: Self.at(0))
        #expect(watch.read([], missing: [], at: Self.at(1)) == [])
        #expect(watch.read([record], missing: [], at: Self.at(2)) == [], "it is known still")
        #expect(watch.read([], missing: [Self.other], at: Self.at(3)) == [.remove(Self.other)])
    }

    @Test("no store takes out what the settings name")
    func listed() throws {
        var watch = RegistryWatch(own: nil, patience: .seconds(3), listed: [Self.other])
        _ = watch.read([try Self.record()], missing: [], at: Self.at(0))
        #expect(watch.read([], missing: [Self.other], at: Self.at(1)) == [])
    }

    @Test("the own server is neither entered nor removed, but what operators want of it counts")
    func ownServer() throws {
        var watch = Self.watch()
        let record = try Self.record("own-1", Self.own) { $0.isDraining = true }
        #expect(watch.read([record], missing: [], at: Self.at(0)) == [.mark(Self.own, .drain)])
        #expect(watch.read([], missing: [], at: Self.at(1)) == [])
    }

    @Test("operators' words are told when they change, and a good-bye once")
    func words() throws {
        var watch = Self.watch()
        _ = watch.read([try Self.record()], missing: [], at: Self.at(0))
        let ill = try Self.record { ($0.healthMark, $0.isDraining) = (.unhealthy, true) }
        #expect(
            watch.read([ill], missing: [], at: Self.at(1))
                == [.mark(Self.other, .drain), .mark(Self.other, .unhealthy)])
        let well = try Self.record { $0.presence = .inactive }
        #expect(
            watch.read([well], missing: [], at: Self.at(2)) == [
                .mark(Self.other, .activate), .mark(Self.other, .byChecks),
                .left(Self.other, Self.epoch(1)),
            ])
        #expect(watch.read([well], missing: [], at: Self.at(3)) == [])
    }

    @Test("of two records of a name the newest process's counts, and none that was fenced")
    func names() throws {
        var watch = Self.watch()
        let old = try Self.record("a-old", number: 5) { $0.fencedBy = Self.epoch(9) }
        let new = try Self.record("b-new", number: 9)
        for order in [[old, new], [new, old]] {
            watch = Self.watch()
            let actions = watch.read(order, missing: [], at: Self.at(0))
            guard case .enter(_, let id)? = actions.first, actions.count == 1 else {
                Issue.record("\(actions)")
                return
            }
            #expect(id.text == "b-new")
        }
        #expect(watch.read([new], missing: [], at: Self.at(1)) == [])
    }

    @Test("a server is given up only if it is not reached and its heartbeats stand still")
    func givingUp() throws {
        var watch = Self.watch()
        let lost: Set = [Self.other]
        func sequence(_ number: UInt64) throws -> [ServerRecord] {
            [try Self.record(sequence: number)]
        }
        _ = watch.read(try sequence(1), missing: [], at: Self.at(0))
        #expect(!watch.isUneasy)
        #expect(watch.read(try sequence(2), missing: lost, at: Self.at(4)) == [])
        #expect(watch.isUneasy)
        #expect(watch.read(try sequence(2), missing: lost, at: Self.at(6)) == [])
        #expect(watch.read(try sequence(2), missing: [], at: Self.at(60)) == [])
        let given = watch.read(try sequence(2), missing: lost, at: Self.at(61))
        #expect(given == [.giveUp(try Self.id("other-1"), Self.epoch(1), sequence: 2)])
        let gone = try Self.record(sequence: 2) { $0.presence = .lost }
        #expect(watch.read([gone], missing: lost, at: Self.at(62)) == [])
        #expect(!watch.isUneasy)
    }

    @Test("a gateway that was away itself begins to count when it looks again")
    func ownPause() throws {
        var watch = Self.watch()
        _ = watch.read([try Self.record(sequence: 1)], missing: [], at: Self.at(0))
        let later = try Self.record(sequence: 90)
        #expect(watch.read([later], missing: [Self.other], at: Self.at(900)) == [])
        #expect(watch.read([later], missing: [Self.other], at: Self.at(902)) == [])
    }

    @Test("one that was entered by hand and never came is waited for")
    func never() throws {
        var watch = Self.watch()
        let entered = try Self.record { record in
            (record.presence, record.epoch) = (.neverConnected, nil)
            record.entered = record.described
        }
        _ = watch.read([entered], missing: [Self.other], at: Self.at(0))
        #expect(watch.read([entered], missing: [Self.other], at: Self.at(99)) == [])
        #expect(!watch.isUneasy)
    }
}
