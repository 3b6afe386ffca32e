// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("A reader of the fleet's events")
struct EventCursorTests {
    private static func items(_ range: ClosedRange<UInt64>) -> [EventCursor.Item] {
        range.map { number in
            .init(
                position: LogPosition(major: number, minor: 0),
                entry: FleetEvent(.serverLost, subject: "\(number)", unixMilliseconds: 0))
        }
    }

    private static func position(_ number: UInt64) -> LogPosition {
        LogPosition(major: number, minor: 0)
    }

    private static func window(_ range: ClosedRange<UInt64>, capacity: Int = 100) -> EventWindow {
        var window = EventWindow(behind: position(range.lowerBound - 1), capacity: capacity)
        window.append(items(range))
        return window
    }

    @Test("reads on in the window, in portions, and waits at its end")
    func portions() {
        let window = Self.window(1...5)
        var cursor = EventCursor(after: Self.position(1))
        #expect(cursor.step(in: window, limit: 3) == .take(Self.items(2...4)))
        #expect(cursor.step(in: window, limit: 3) == .take(Self.items(5...5)))
        #expect(cursor.step(in: window, limit: 3) == .wait)
        #expect(cursor.position == Self.position(5))
    }

    @Test("that comes from further back reads in the store until it is in the window")
    func back() {
        let window = Self.window(6...9)
        var cursor = EventCursor(after: Self.position(2))
        #expect(cursor.step(in: window, limit: 9) == .ask(after: Self.position(2)))
        cursor.take(LogPage(items: Self.items(3...4)), window: window)
        #expect(cursor.step(in: window, limit: 9) == .ask(after: Self.position(4)))
        cursor.take(LogPage(items: Self.items(5...7)), window: window)
        #expect(cursor.step(in: window, limit: 9) == .take(Self.items(8...9)))
    }

    @Test("asks the store while the server has heard nothing of it")
    func early() {
        var cursor = EventCursor(after: Self.position(2))
        #expect(cursor.step(in: nil, limit: 9) == .ask(after: Self.position(2)))
    }

    @Test("that had caught up and fell out of the window is given up")
    func slow() {
        var window = EventWindow(behind: .origin, capacity: 4)
        window.append(Self.items(1...2))
        var cursor = EventCursor(after: .origin)
        #expect(cursor.step(in: window, limit: 1) == .take(Self.items(1...1)))
        window.append(Self.items(3...7))
        #expect(cursor.step(in: window, limit: 1) == .take(Self.items(2...2)))
        window.append(Self.items(8...9))
        #expect(window.base == Self.position(5))
        #expect(cursor.step(in: window, limit: 1) == .tooSlow)
    }

    @Test("is not to blame when the store forgot what came in between")
    func restart() {
        var window = Self.window(1...3)
        var cursor = EventCursor(after: .origin)
        #expect(cursor.step(in: window, limit: 9) == .take(Self.items(1...3)))
        window.restart(behind: Self.position(7))
        #expect(cursor.step(in: window, limit: 9) == .ask(after: Self.position(3)))
        cursor.take(LogPage(items: [], isGap: true), window: window)
        #expect(cursor.step(in: window, limit: 9) == .wait)
        window.append(Self.items(8...8))
        #expect(cursor.step(in: window, limit: 9) == .take(Self.items(8...8)))
    }

    @Test("behind a gap without anything goes on with what comes; a store that was set back too")
    func setBack() {
        let window = Self.window(1...3)
        var cursor = EventCursor(after: Self.position(50))
        #expect(cursor.step(in: window, limit: 9) == .ask(after: Self.position(50)))
        cursor.take(LogPage(items: [], isGap: true), window: window)
        #expect(cursor.position == Self.position(3))
        #expect(cursor.step(in: window, limit: 9) == .wait)
    }

    @Test("finds every event once, whatever the window keeps", arguments: UInt64(0)..<50)
    func everything(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let all = Self.items(1...300)
        var window = EventWindow(
            behind: .origin, capacity: Int.random(in: 1...40, using: &generator))
        var cursor = EventCursor(after: .origin)
        var (read, sent): ([EventCursor.Item], Int) = ([], 0)
        while read.count < all.count {
            let more = min(Int.random(in: 0...30, using: &generator), all.count - sent)
            window.append(Array(all[sent..<(sent + more)]))
            sent += more
            switch cursor.step(in: window, limit: Int.random(in: 1...20, using: &generator)) {
            case .take(let items): read += items
            case .ask(let position):
                let page = all[..<sent].filter { $0.position > position }.prefix(20)
                cursor.take(LogPage(items: Array(page)), window: window)
                read += page
            case .wait: break
            case .tooSlow: cursor = EventCursor(after: cursor.position)
            }
        }
        #expect(read == all)
    }
}
