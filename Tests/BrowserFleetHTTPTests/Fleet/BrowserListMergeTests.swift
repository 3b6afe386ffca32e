// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Testing

@testable import BrowserFleetHTTP

@Suite("one page is made of many servers' lists")
struct BrowserListMergeTests {
    private static func browser(_ server: Int, _ at: Int64) -> BrowserResponse {
        let time = Timestamp(millisecondsSince1970: at)
        return BrowserResponse(
            id: "server\(server)-example_\(at)", wss: nil, expiresAt: time,
            server: "server\(server).example", status: .running, start: .warm, createdAt: time)
    }

    /// What a server answers, whose browsers were made at these times, newest first.
    private static func page(
        _ server: Int, _ times: [Int64], from cursor: String?, limit: Int
    ) -> BrowserListResponse {
        let all = times.map { browser(server, $0) }
        let start = cursor.flatMap { id in all.firstIndex { $0.id == id } } ?? 0
        let rest = all[start...]
        let next = rest.dropFirst(limit).first?.id
        return BrowserListResponse(browsers: Array(rest.prefix(limit)), nextCursor: next)
    }

    @Test("page after page every browser comes once, newest first", arguments: 1...8)
    func pages(_ limit: Int) throws {
        let times: [Int: [Int64]] = [1: [90, 50, 20], 2: [80, 70, 60, 10], 3: [], 4: [40, 30]]
        var seen: [Int64] = []
        var cursor: String?
        repeat {
            let places = try cursor.map { try BrowserListMerge.places(in: $0) }
            let pages = try times.keys.sorted().compactMap { number -> BrowserListResponse? in
                let name = try ServerName("server\(number).example")
                if let places, places[name] == nil { return nil }
                return Self.page(
                    number, times[number] ?? [], from: places?[name], limit: limit)
            }
            let whole = BrowserListMerge.merge(pages, limit: limit, unanswered: [])
            #expect(whole.browsers.count <= limit && whole.partial == nil)
            seen += whole.browsers.map(\.createdAt.millisecondsSince1970)
            cursor = whole.nextCursor
        } while cursor != nil && seen.count < 20
        #expect(seen == [90, 80, 70, 60, 50, 40, 30, 20, 10])
    }

    @Test("a page that lacks servers says whose")
    func partial() throws {
        let whole = BrowserListMerge.merge(
            [Self.page(1, [1], from: nil, limit: 9)], limit: 9,
            unanswered: [try ServerName("server2.example")])
        #expect(whole.partial == true && whole.unanswered == ["server2.example"])
    }

    @Test("a cursor that was never answered is refused", arguments: ["x y", "a_b_c", "abc"])
    func malformed(_ cursor: String) {
        #expect(throws: Problem.self) { try BrowserListMerge.places(in: cursor) }
    }
}
