// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HummingbirdCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FleetService {
    /// How long a server may take to list its browsers before the page goes without it.
    private static var listPatience: Duration { .seconds(3) }

    /// One page of the browsers of all servers; `nil` if this server answers for itself alone.
    func fleetPage(_ call: Call, limit: Int) async throws(Problem) -> BrowserListResponse? {
        guard let fleet = placingFleet else { return nil }
        let places = try call.query["cursor"]?.string.map { text throws(Problem) in
            try BrowserListMerge.places(in: text)
        }
        let rows = fleet.driver.rows.filter { row in
            row.standing.mayAnswer && (places.map { $0[row.name] != nil } ?? true)
        }
        var pages: [BrowserListResponse] = []
        var unanswered: [ServerName] = []
        await withTaskGroup(of: (ServerName, BrowserListResponse?).self) { group in
            for row in rows {
                let cursor = places?[row.name]
                group.addTask { [self] in
                    (row.name, await page(of: row, call, cursor: cursor, limit, fleet))
                }
            }
            for await (name, page) in group {
                if let page { pages.append(page) } else { unanswered.append(name) }
            }
        }
        return BrowserListMerge.merge(pages, limit: limit, unanswered: unanswered)
    }

    private func page(
        of row: ServerRow, _ call: Call, cursor: String?, _ limit: Int, _ fleet: FleetLink
    ) async -> BrowserListResponse? {
        guard row.origin != .own else {
            return try? ownPage(call, cursor: cursor, limit: limit)
        }
        var pairs = call.target.query.filter { $0.name != "cursor" && $0.name != "limit" }
        pairs.append(("limit", "\(limit)"))
        if let cursor { pairs.append(("cursor", cursor)) }
        let signed = InternalCall(
            method: "GET", target: "/browsers?" + RequestTarget.encoded(query: pairs))
        guard
            let answer = try? await exchange(
                signed, Self.credentials(call.request.headers), at: row.endpoint,
                Self.listPatience, fleet),
            answer.status == 200
        else { return nil }
        return try? JSONDecoder().decode(BrowserListResponse.self, from: Data(answer.body))
    }
}

extension ServerStanding {
    /// Whether a server may be asked about its browsers.
    fileprivate var mayAnswer: Bool {
        switch self {
        case .active, .draining, .suspect, .unhealthy: true
        case .neverConnected, .inactive, .lost: false
        }
    }
}
