// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FleetView {
    mutating func meetDeadlines(at now: FleetInstant, into actions: inout [Action]) {
        while let place = deadlines.popDue(at: now) {
            if let forgetAt = servers[place]?.forgetAt, forgetAt <= now {
                servers[place].map { remove($0.name) }
                continue
            }
            forgive(place, at: now, into: &actions)
            check(place, at: now, into: &actions)
            watch(place, at: now, into: &actions)
            hold(place, at: now, into: &actions)
        }
    }

    /// Failed calls keep a server out for a time only.
    private mutating func forgive(
        _ place: Int, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let until = servers[place]?.ejectedUntil, until <= now else { return }
        change(place, because: .callsForgiven, into: &actions) { server, _ in
            server.ejectedUntil = nil
        }
    }

    private mutating func check(_ place: Int, at now: FleetInstant, into actions: inout [Action]) {
        guard let due = servers[place]?.checkAt, due <= now, let server = servers[place] else {
            return
        }
        let isPushing =
            server.pushedAt.map { now < $0.advanced(by: limits.silence.timeout) } ?? false
        let interval = isPushing ? limits.checkInterval : limits.pullInterval
        ask(server, .check, within: min(limits.checkTimeout, interval), into: &actions)
        change(place, because: .heard, into: &actions) { server, _ in
            server.checkAt = now.advanced(by: interval)
        }
    }

    private mutating func watch(_ place: Int, at now: FleetInstant, into actions: inout [Action]) {
        guard let server = servers[place], server.isWatched, var detector = server.detector
        else { return }
        let wanted = detector.woke(at: now)
        for action in wanted where action == .probe {
            ask(server, .suspicion, within: limits.silence.probeTimeout, into: &actions)
        }
        var trial = wanted.contains(.probe) ? nil : server.trial
        if detector.state == .suspect(probes: limits.silence.probes) {
            trial = trial ?? call(juryFor: place, at: now, into: &actions)
        }
        let isSilent = detector.state == .lost
        if isSilent, !server.isSilent { actions.append(.silent(server.name)) }
        change(place, because: .silent, into: &actions) { server, _ in
            (server.detector, server.trial, server.isSilent) = (detector, trial, isSilent)
        }
    }

    /// The trial of a server that answered none of its probes.
    private mutating func hold(_ place: Int, at now: FleetInstant, into actions: inout [Action]) {
        guard let server = servers[place], server.isSilent, !server.isLost,
            let trial = server.trial, trial.nextDeadline <= now
        else { return }
        // An observer that stood still asks anew: what it heard is old, answers may lie unread.
        let isStale = trial.nextDeadline.advanced(by: limits.silence.probeTimeout) <= now
        switch trial.state {
        case .called where isStale, .adjourned:
            ask(server, .suspicion, within: limits.silence.probeTimeout, into: &actions)
            let next = call(juryFor: place, at: now, into: &actions)
            change(place, because: .silent, into: &actions) { server, _ in server.trial = next }
        case .called:
            // The budget is asked last: what it grants it counts.
            let known = watched + budget.recent(at: now)
            let mayGo =
                trial.isSure { self.server($0)?.heardAt }
                && budget.take(known: known, silent: silent, at: now)
            change(place, because: .unanswered, into: &actions) { server, limits in
                server.isLost = mayGo
                if mayGo {
                    server.trial = nil
                    server.forget(at: now, limits)
                } else {
                    server.trial?.adjourn(until: now.advanced(by: limits.evictionPause))
                }
            }
            if mayGo { actions.append(.lost(server.name)) }
        }
    }

    /// Asks the next few that are not silent themselves whether they answer.
    private mutating func call(
        juryFor place: Int, at now: FleetInstant, into actions: inout [Action]
    ) -> EvictionTrial {
        var jury: [ServerName] = []
        for step in 1..<max(2, servers.count) where jury.count < EvictionTrial.jurors {
            let other = (place + step) % servers.count
            guard other != place, let juror = servers[other], juror.isWatched, !juror.isSuspect
            else { continue }
            jury.append(juror.name)
            ask(juror, .rollCall, within: limits.silence.probeTimeout, into: &actions)
        }
        return EvictionTrial(jury, within: limits.silence.probeTimeout, at: now)
    }

    private mutating func ask(
        _ server: WatchedServer, _ kind: Probe.Kind, within patience: Duration,
        into actions: inout [Action]
    ) {
        probes += 1
        actions.append(
            .probe(
                Probe(
                    number: probes, server: server.name, endpoint: server.endpoint, kind: kind,
                    newest: server.fence.newest, patience: patience)))
    }
}
