// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@Suite("The fleet's events, read once for all readers of a process")
struct EventFeedTests {
    private static func event(_ number: Int, owner: String = "ann") -> FleetEvent {
        FleetEvent(
            .browserCreated, subject: "\(number)", unixMilliseconds: Int64(number),
            details: ["owner": owner])
    }

    private static func subjects(_ portion: EventReader.Portion) -> [String] {
        switch portion {
        case .events(let items), .gap(let items): items.map(\.entry.subject)
        case .silence, .end, .tooSlow: []
        }
    }

    private static func with(
        _ store: FleetStore<some StoreEngine>, _ body: (EventFeed) async throws -> Void
    ) async throws {
        let feed = EventFeed(store)
        let running = Task { await feed.run() }
        while feed.window == nil {
            await feed.news.wait(after: 0, by: StoreDeadline(after: .seconds(20)))
        }
        try await body(feed)
        running.cancel()
        await running.value
    }

    @Test("a reader gets what comes, and another that resumes gets what it missed first")
    func reads() async throws {
        let store = FleetStore(MemoryEngine())
        try await store.publish((1...3).map { Self.event($0) })
        try await Self.with(store) { feed in
            let newest = try #require(feed.window?.newest)
            var late = EventReader(feed, after: newest, filter: EventFilter())
            try await store.publish([Self.event(4), Self.event(5)])
            var seen: [String] = []
            while seen.count < 2 {
                seen += Self.subjects(try await late.next(patience: .seconds(20)))
            }
            #expect(seen == ["4", "5"])
            var early = EventReader(feed, after: .origin, filter: EventFilter())
            var all: [String] = []
            while all.count < 5 {
                all += Self.subjects(try await early.next(patience: .seconds(20)))
            }
            #expect(all == ["1", "2", "3", "4", "5"])
            #expect(early.position == late.position)
            #expect(try await early.next(patience: nil) == .end)
            #expect(try await early.next(patience: .milliseconds(5)) == .silence)
        }
    }

    @Test("what a reader is not to see is passed over, and its place goes on")
    func filtered() async throws {
        let store = FleetStore(MemoryEngine())
        try await Self.with(store) { feed in
            try await store.publish([Self.event(1), Self.event(2, owner: "bob"), Self.event(3)])
            var reader = EventReader(
                feed, after: .origin, filter: EventFilter(owner: "bob"))
            #expect(Self.subjects(try await reader.next(patience: .seconds(20))) == ["2"])
            while reader.position < LogPosition(major: 3, minor: 0) {
                #expect(try await reader.next(patience: .milliseconds(5)) == .silence)
            }
        }
    }

    @Test("a reader whose place is gone is told of a gap, and gets what is kept")
    func gap() async throws {
        let store = FleetStore(MemoryEngine())
        try await store.publish((1...9).map { Self.event($0) })
        try await store.trimEvents(keeping: 2, within: nil)
        try await Self.with(store) { feed in
            var reader = EventReader(
                feed, after: LogPosition(major: 3, minor: 0), filter: EventFilter())
            let portion = try await reader.next(patience: .seconds(20))
            guard case .gap = portion else {
                Issue.record("\(portion)")
                return
            }
            #expect(Self.subjects(portion) == ["8", "9"])
            #expect(try await reader.next(patience: nil) == .end)
        }
    }

    @Test("a reader ends its wait when its task is cancelled")
    func cancelled() async throws {
        let store = FleetStore(MemoryEngine())
        try await Self.with(store) { feed in
            let waiting = Task {
                var reader = EventReader(feed, after: .origin, filter: EventFilter())
                return try await reader.next(patience: .seconds(600))
            }
            waiting.cancel()
            let portion = try await waiting.value
            #expect(portion == .silence)
        }
    }
}
