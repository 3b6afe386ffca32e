// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
public import ServiceLifecycle

extension ClaimKeeper: Service {
    /// Claims the name and keeps it until the service group shuts down, then gives it back.
    public func run() async {
        feed(.started(persisted: parts.persisted))
        await withDiscardingTaskGroup { group in
            group.addTask { await self.wake() }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil else { return }
                self.feed(.leave)
                self.finish()
            }
            for await deed in deeds { await work(off: deed) }
            group.cancelAll()
        }
    }

    /// Wakes the claim in its rhythm. An early call is harmless.
    private func wake() async {
        while true {
            let deadline = withState(\.claim.nextDeadline)
            let pause = clock.now.advanced(by: rhythm.renewal)
            guard (try? await clock.sleep(until: min(deadline ?? pause, pause))) != nil else {
                return
            }
            feed(.woke)
        }
    }

    /// What one call may take: an answer that comes later is of no use to the claim.
    private var patience: Duration { max(rhythm.patience / 2, .milliseconds(500)) }

    private func work(off deed: Deed) async {
        do throws(StoreError) {
            switch deed {
            case .read: try await look()
            case .persist(let number): parts.persist(number)
            case .write(let epoch, let instead): try await register(epoch, instead: instead)
            case .erase(let epoch):
                try await registry.run(
                    LeaveFleet(
                        server: parts.own.id, epoch: epoch,
                        unixMilliseconds: clock.unixMilliseconds), within: .seconds(1))
            case .fenced:
                logger.error(
                    "a newer process has this server's name; stop one of the two or rename it",
                    metadata: ["name": "\(parts.own.name)"])
                withState(\.onFenced)?()
            }
        } catch {
            // A refusal tells the claim something; what was lost the claim asks for again.
            if let event = error.refusal?.claimEvent { feed(event) }
        }
    }

    /// A holder writes its heartbeat, which the store takes from the holder alone; who holds
    /// nothing reads who does.
    private func look() async throws(StoreError) {
        let isOver = withState { state in
            state.isReadDue = false
            return state.claim.nextDeadline == nil
        }
        guard !isOver else { return }
        let deadline = clock.now.advanced(by: patience)
        if let (epoch, sequence) = next() {
            try await registry.run(
                ReportHeartbeat(
                    server: parts.own.id, epoch: epoch, sequence: sequence, report: parts.report(),
                    unixMilliseconds: clock.unixMilliseconds), within: patience)
            hear(.read(epoch), by: deadline)
        } else {
            let entry = try await registry.entry(of: parts.own.name, within: patience)
            hear(.read(entry?.epoch), by: deadline)
        }
    }

    /// Tells the claim an answer of the store, unless this process stood still on the way: then it
    /// says how things were.
    private func hear(_ answer: NameClaim.Event, by deadline: FleetInstant) {
        if clock.now <= deadline { feed(answer) }
    }

    private func register(
        _ epoch: ServerEpoch, instead: ServerEpoch?
    ) async throws(StoreError) {
        var fields = parts.own.fields
        fields.url = parts.own.endpoint.description
        let deadline = clock.now.advanced(by: patience)
        try await registry.run(
            RegisterServer(
                server: parts.own.id, name: parts.own.name, epoch: epoch, instead: instead,
                fields: fields, report: parts.report(),
                unixMilliseconds: clock.unixMilliseconds), within: patience)
        hear(.written(epoch), by: deadline)
    }
}
