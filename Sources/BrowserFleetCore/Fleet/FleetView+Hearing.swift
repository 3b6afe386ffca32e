// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FleetView {
    mutating func hear(
        _ heartbeat: Heartbeat, at now: FleetInstant, into actions: inout [Action]
    ) {
        let name = heartbeat.server
        let known = places[name.prefix]
        guard let place = known ?? add(name, heartbeat.endpoint, .registered) else {
            return actions.append(.answer(name, .tooMany))
        }
        if let newest = judge(heartbeat.epoch, place, into: &actions) {
            return actions.append(.answer(name, .stale(newest: newest)))
        }
        guard let server = servers[place] else { return }
        actions.append(.answer(name, .accepted(isDraining: server.isDraining)))
        // What an ending process sent before its good-bye, or a network kept back, is old.
        guard server.leftEpoch != heartbeat.epoch, heartbeat.sequence > server.sequence else {
            return
        }
        let reason = server.reason(for: heartbeat.report)
        heard(place, because: reason, at: now, into: &actions) { server in
            server.sequence = heartbeat.sequence
            server.pushedAt = now
            server.described = heartbeat.fields
            server.take(heartbeat.report)
            if server.origin == .registered { server.endpoint = heartbeat.endpoint }
        }
    }

    mutating func take(
        _ answer: ProbeAnswer?, to probe: Probe, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let place = places[probe.server.prefix] else { return }
        guard let answer, isListenedTo(answer, place, into: &actions) else {
            return note(probe, passed: false, place, into: &actions)
        }
        guard let server = servers[place] else { return }
        let reason = answer.report.map { server.reason(for: $0) } ?? .heard
        heard(place, because: reason, at: now, into: &actions) { server in
            server.learn(answer.responseTime)
            if let report = answer.report { server.take(report) }
        }
        note(probe, passed: true, place, into: &actions)
    }

    /// Whether an answer comes from the process that has the name, as far as it says.
    private mutating func isListenedTo(
        _ answer: ProbeAnswer, _ place: Int, into actions: inout [Action]
    ) -> Bool {
        if let epoch = answer.epoch, judge(epoch, place, into: &actions) != nil { return false }
        guard let left = servers[place]?.leftEpoch else { return true }
        return answer.epoch != nil && answer.epoch != left
    }

    private mutating func note(
        _ probe: Probe, passed: Bool, _ place: Int, into actions: inout [Action]
    ) {
        guard probe.kind == .check else { return }
        change(place, because: passed ? .checksPassed : .checksFailed, into: &actions) {
            server, _ in
            // The opinion is in the machine; whether it changed shows in the standing.
            _ = server.checks.observe(passed: passed)
        }
    }

    /// Whether an epoch is listened to: `nil`, or the newest number that speaks against it.
    private mutating func judge(
        _ epoch: ServerEpoch, _ place: Int, into actions: inout [Action]
    ) -> Int64? {
        guard var server = servers[place] else { return nil }
        let before = server.fence.newest
        if server.origin == .own, let before, before.process != epoch.process {
            return before.number
        }
        if case .stale(let newest) = server.fence.judge(epoch) { return newest }
        servers[place]?.fence = server.fence
        guard let before, before != epoch else { return nil }
        let wasThere = !server.isLost && server.leftEpoch == nil
        change(place, because: .heard, into: &actions) { $0.renew($1) }
        outliers.forget(server.name)
        if wasThere { actions.append(.replaced(server.name, by: epoch)) }
        return nil
    }

    /// A server was heard of; `body` enters what it said.
    private mutating func heard(
        _ place: Int, because reason: StandingReason, at now: FleetInstant,
        into actions: inout [Action], _ body: (inout WatchedServer) -> Void
    ) {
        guard let server = servers[place] else { return }
        change(place, because: reason, into: &actions) { server, limits in
            body(&server)
            server.heardAt = now
            (server.trial, server.isSilent, server.isLost) = (nil, false, false)
            (server.leftEpoch, server.forgetAt) = (nil, nil)
            guard server.origin != .own else { return }
            if server.checkAt == nil {
                server.checkAt = now.advanced(by: Self.stagger(place, limits))
            }
            if server.detector == nil {
                server.detector = FailureDetector(limits: limits.silence, at: now)
            } else {
                // That it returns is said here, not there: it may not have been given up.
                _ = server.detector?.heard(at: now)
            }
        }
        if server.isLost { actions.append(.returned(server.name)) }
    }
}

extension WatchedServer {
    /// What a change of standing by this report would be due to.
    fileprivate func reason(for report: ServerReport) -> StandingReason {
        self.report.map { $0.isAccepting != report.isAccepting } ?? false ? .ownWord : .heard
    }
}
