// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Entries on their way to a store")
struct EntryQueueTests {
    private static func entry(_ subject: String) -> AuditEntry {
        AuditEntry(author: "ann", action: "create", subject: subject, unixMilliseconds: 1)
    }

    private static func event(_ subject: String) -> FleetEvent {
        FleetEvent(.serverLost, subject: subject, unixMilliseconds: 1)
    }

    @Test("a group comes again until it is written, and then what came meanwhile")
    func groups() {
        var queue = EntryQueue(author: "server-1")
        let nothing = queue.next(unixMilliseconds: 1)
        #expect(nothing == nil)
        queue.add(AppendEntries(events: [Self.event("a")], audit: [Self.entry("a")]))
        let first = queue.next(unixMilliseconds: 1)
        #expect(first == AppendEntries(events: [Self.event("a")], audit: [Self.entry("a")]))
        queue.add(AppendEntries(audit: [Self.entry("b")]))
        let again = queue.next(unixMilliseconds: 2)
        #expect(again == first)
        queue.written()
        let second = queue.next(unixMilliseconds: 2)
        #expect(second == AppendEntries(audit: [Self.entry("b")]))
        queue.written()
        #expect(queue.count == 0)
    }

    @Test("no group is longer than a store takes, and the order stays")
    func bounds() throws {
        var queue = EntryQueue(author: "server-1")
        for number in 0..<1700 {
            queue.add(
                AppendEntries(events: [Self.event("\(number)")], audit: [Self.entry("\(number)")]))
        }
        var model = StoreModel()
        while let group = queue.next(unixMilliseconds: 1) {
            try model.run(group)
            queue.written()
        }
        let expected = (0..<1700).map { "\($0)" }
        let events = model.events.page(after: .origin, limit: 9999).items
        #expect(events.map(\.entry.subject) == expected)
        let audit = model.audit.page(before: nil, limit: 9999).items.reversed()
        #expect(audit.map(\.entry.subject) == expected)
    }

    @Test("what does not fit is left out, and the audit says how many that were")
    func full() {
        var queue = EntryQueue(author: "server-1", capacity: 2)
        let taken = ["a", "b", "c"].map { queue.add(AppendEntries(audit: [Self.entry($0)])) }
        #expect(taken == [true, true, false])
        let tooLong = Self.entry(String(repeating: "x", count: FleetEvent.mostBytes + 1))
        _ = queue.next(unixMilliseconds: 5)
        queue.written()
        queue.add(AppendEntries(audit: [tooLong]))
        #expect(queue.leftOut == 2)
        let told = queue.next(unixMilliseconds: 6)?.audit
        #expect(told?.map(\.action) == ["audit.left-out"])
        #expect(told?.first?.details == ["count": "1"])
    }
}
