// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore

/// Makes one page of the lists of several servers, newest first.
///
/// A server's cursor is the ID of the first browser of its next page, and an ID names its server:
/// so the cursor of the whole is nothing but these IDs, joined by commas.
struct BrowserListMerge {
    /// Servers whose list goes on, each with the browser to go on at.
    static func places(in cursor: String) throws(Problem) -> [ServerName: String] {
        var places: [ServerName: String] = [:]
        for text in cursor.split(separator: ",").map(String.init) {
            guard let server = try? BrowserID(decoding: text).server else {
                throw Problem(.invalidValue, "'cursor': this is none that was answered.")
            }
            places[server] = text
        }
        return places
    }

    /// Merges pages.
    ///
    /// - Parameters:
    ///   - pages: one page of each server, newest first.
    ///   - limit: how many browsers the whole may have.
    ///   - unanswered: the servers that gave none.
    /// - Returns: the newest of all, and where to go on.
    static func merge(
        _ pages: [BrowserListResponse], limit: Int, unanswered: [ServerName]
    ) -> BrowserListResponse {
        var rests = pages.map { $0.browsers[...] }
        var taken: [BrowserResponse] = []
        while taken.count < limit {
            let heads = rests.indices.filter { !rests[$0].isEmpty }
            let newest = heads.max { left, right in
                guard let one = rests[left].first, let other = rests[right].first else {
                    return false
                }
                return (one.createdAt, one.id) < (other.createdAt, other.id)
            }
            guard let newest, let browser = rests[newest].popFirst() else { break }
            taken.append(browser)
        }
        let next = zip(pages, rests).compactMap { page, rest in rest.first?.id ?? page.nextCursor }
        return BrowserListResponse(
            browsers: taken, nextCursor: next.isEmpty ? nil : next.sorted().joined(separator: ","),
            unanswered: unanswered.map(\.text).sorted())
    }
}
