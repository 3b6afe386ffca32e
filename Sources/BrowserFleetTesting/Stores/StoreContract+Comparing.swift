// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime

extension StoreContract {
    /// Reads on in the events where the last reading ended.
    mutating func compareNextEvents() async {
        let limit = number(1...40)
        let expected = model.events.page(after: reader.model, limit: limit)
        do {
            let actual = try await settledEvents(limit: limit)
            guard actual.isGap == expected.isGap, actual.entries == expected.entries else {
                differ(
                    "events after \(reader.store)", expected: "\(expected)", actual: "\(actual)")
                return
            }
            // Who has missed some begins anew with what there is.
            reader =
                expected.isGap
                ? (.origin, .origin)
                : (actual.next(after: reader.store), expected.next(after: reader.model))
        } catch {
            differ("events", expected: "\(expected)", actual: "\(error)")
        }
    }

    /// Compares all records and the whole of both logs, in pages of random sizes.
    mutating func compareAll() async {
        do {
            try await compareServers()
            for server in [nil] + model.servers(after: nil, limit: 10).map({ Optional($0.id) }) {
                try await compareAssignments(of: server)
            }
            try await compareAudit()
        } catch {
            differ("reading all", expected: "no error", actual: "\(error)")
        }
        for _ in 0..<(model.events.count + 2) where differences.isEmpty {
            await compareNextEvents()
            if reader.model == model.events.newest { return }
        }
    }

    /// Trims both logs to random lengths.
    mutating func trimLogs() async {
        // Mostly short, so that readers are overtaken.
        let most = chance(70) ? 5 : 200
        let (events, audit) = (number(0...most), number(0...most))
        model.trim(events: events, audit: audit)
        do {
            try await store.trimEvents(keeping: events, within: nil)
            try await store.trimAudit(keeping: audit, within: nil)
        } catch {
            differ("trimming", expected: "no error", actual: "\(error)")
        }
    }

    private func settledEvents(limit: Int) async throws(StoreError) -> LogPage<FleetEvent> {
        let end = StoreDeadline(after: .seconds(10))
        var page = try await store.events(after: reader.store, limit: limit, within: nil)
        while page.isBehind, page.items.count < limit, !end.isOver {
            try? await Task.sleep(for: .milliseconds(5))
            page = try await store.events(after: reader.store, limit: limit, within: nil)
        }
        return page
    }

    private mutating func compareServers() async throws(StoreError) {
        let step = number(1...3)
        var found: [ServerRecord] = []
        while true {
            let page = try await store.servers(after: found.last?.id, limit: step, within: nil)
            found += page
            if page.count < step { break }
        }
        let expected = model.servers(after: nil, limit: .max)
        if found != expected { differ("servers", expected: "\(expected)", actual: "\(found)") }
        for server in expected where try await store.server(server.id, within: nil) != server {
            differ("server", expected: "\(server)", actual: "another")
        }
        for case .name(let entry) in model.records.values
        where try await store.entry(of: entry.name, within: nil) != entry {
            differ("name", expected: "\(entry)", actual: "another")
        }
    }

    private mutating func compareAssignments(of server: ServerID?) async throws(StoreError) {
        let step = number(1...4)
        var found: [Assignment] = []
        while true {
            let page = try await store.assignments(
                of: server, after: found.last?.key, limit: step, within: nil)
            found += page
            if page.count < step { break }
        }
        let expected = model.assignments(of: server, after: nil, limit: .max)
        if found != expected { differ("assignments", expected: "\(expected)", actual: "\(found)") }
        for one in expected where try await store.assignment(of: one.key, within: nil) != one {
            differ("assignment", expected: "\(one)", actual: "another")
        }
    }

    private mutating func compareAudit() async throws(StoreError) {
        let filter = AuditFilter(
            author: chance(30) ? "ann" : nil, action: chance(50) ? "assignment." : nil)
        let expected = model.audit.page(before: nil, limit: .max).entries.filter(filter.admits)
        let step = number(1...60)
        var found: [AuditEntry] = []
        var rest: LogPosition?
        repeat {
            let page = try await store.audit(before: rest, limit: step, filter: filter, within: nil)
            found += page.items.map(\.entry)
            rest = page.rest
        } while rest != nil
        if found != expected { differ("audit", expected: "\(expected)", actual: "\(found)") }
    }
}

extension LogPage {
    /// The entries without their positions, which every store counts in its own way.
    fileprivate var entries: [Entry] { items.map(\.entry) }
}
