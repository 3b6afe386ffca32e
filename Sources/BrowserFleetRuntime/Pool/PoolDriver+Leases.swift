// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
import Synchronization

extension PoolDriver {
    /// The lease of a browser that runs.
    func lease(_ id: BrowserID) -> Lease<Launcher.Browser>? {
        state.withLock { state in
            guard let lease = state.leases[id], let record = state.records[lease],
                case .running(let browser)? = state.occupants[lease.slot]
            else { return nil }
            return Lease(record: record, browser: browser)
        }
    }

    /// The record of a browser, alive or remembered.
    func record(_ id: BrowserID) -> BrowserRecord? {
        state.withLock { state in
            state.leases[id].flatMap { state.records[$0] } ?? state.tombstones.find(id)
        }
    }

    /// Records by age: those that run, and those that are remembered if `ended` is set.
    func records(ended: Bool) -> [BrowserRecord] {
        state.withLock { state in
            let running = state.records.values.sorted {
                ($0.createdAt, $0.id) < ($1.createdAt, $1.id)
            }
            return ended ? state.tombstones.all + running : running
        }
    }

    /// Ends a lease for a reason that arises outside; false if there is none.
    func finish(_ id: BrowserID, _ reason: EndReason) -> Bool {
        state.withLock { state in
            guard let lease = state.leases[id] else { return false }
            feed(.finish(lease, reason), &state)
            return true
        }
    }

    /// A client connected; nil if the browser has ended.
    func connect(_ id: BrowserID) -> ConnectionID? {
        state.withLock { state in
            guard let lease = state.leases[id] else { return nil }
            state.connections += 1
            let connection = ConnectionID(state.connections)
            state.records[lease]?.connections += 1
            feed(.connected(lease, connection), &state)
            return connection
        }
    }

    /// A client's connection is gone.
    func disconnect(_ id: BrowserID, _ connection: ConnectionID) {
        state.withLock { state in
            guard let lease = state.leases[id] else { return }
            state.records[lease]?.connections -= 1
            feed(.disconnected(lease, connection), &state)
        }
    }

    /// A browser was used without a connection.
    func use(_ id: BrowserID) {
        state.withLock { state in
            guard let lease = state.leases[id] else { return }
            feed(.used(lease), &state)
        }
    }

    /// Turns the record of an ending lease into a tombstone.
    func bury(_ lease: LeaseID, _ reason: EndReason, _ state: inout State) {
        guard var record = state.records.removeValue(forKey: lease) else { return }
        state.leases[record.id] = nil
        record.connections = 0
        let traffic = state.occupants[lease.slot]?.traffic ?? BrowserTraffic()
        metrics.spent(traffic)
        record.end = BrowserRecord.End(
            reason: reason, at: clock.unixMilliseconds, traffic: traffic)
        state.tombstones.bury(record)
        tell(.browserEnded, of: record, ["reason": reason.rawValue])
        logger.info(
            "browser ended",
            metadata: [
                "browserId": "\(record.id)", "reason": "\(reason.rawValue)",
                "owner": "\(record.owner)",
                "lifetimeMs": "\(clock.unixMilliseconds - record.createdAt)",
                "bytesIn": "\(traffic.bytesIn)", "bytesOut": "\(traffic.bytesOut)",
            ])
    }

    /// Tells the fleet what became of a lease; handed on without waiting.
    func tell(_ kind: FleetEvent.Kind, of record: BrowserRecord, _ details: [String: String]) {
        guard let events else { return }
        var details = details
        details["owner"] = record.owner
        details["server"] = settings.serverName.text
        let event = FleetEvent(
            kind, subject: record.id.text, unixMilliseconds: clock.unixMilliseconds,
            details: details)
        events.add(AppendEntries(events: [event]))
    }
}
