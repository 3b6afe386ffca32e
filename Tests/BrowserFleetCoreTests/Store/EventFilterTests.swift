// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Testing

@Suite("Who is shown which event")
struct EventFilterTests {
    private static let mine = FleetEvent(
        .browserEnded, subject: "b", unixMilliseconds: 5, details: ["owner": "ann"])
    private static let server = FleetEvent(
        .serverEntered, subject: "s", unixMilliseconds: 9,
        details: ["name": "s.example", "url": "http://10.0.0.7"])

    @Test("an administrator sees everything whole")
    func everything() {
        #expect(EventFilter().shown(Self.mine) == Self.mine)
        #expect(EventFilter().shown(Self.server) == Self.server)
    }

    @Test("a key sees its own, nothing of others, and of servers what became of them")
    func own() {
        #expect(EventFilter(owner: "ann").shown(Self.mine) == Self.mine)
        #expect(EventFilter(owner: "bob").shown(Self.mine) == nil)
        let shown = EventFilter(owner: "bob").shown(Self.server)
        #expect(shown?.subject == "s" && shown?.details == ["name": "s.example"])
    }

    @Test(
        "words and beginnings of words choose",
        arguments: [
            (["browser.ended"], true), (["browser."], true), (["server.", "browser.ended"], true),
            (["browser"], false), (["server."], false), (["browser.ended."], false),
        ])
    func kinds(kinds: [String], isShown: Bool) {
        #expect((EventFilter(kinds: kinds).shown(Self.mine) != nil) == isShown)
    }

    @Test("a time chooses what is not before it")
    func since() {
        #expect(EventFilter(since: 5).shown(Self.mine) != nil)
        #expect(EventFilter(since: 6).shown(Self.mine) == nil)
    }
}
