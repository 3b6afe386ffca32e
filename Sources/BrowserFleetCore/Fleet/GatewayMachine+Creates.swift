// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension GatewayMachine {
    mutating func take(
        _ event: CreateBroker.Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch event {
        case .woke: break
        case .asked(let call): ask(call, at: now, into: &actions)
        case .ended(let attempt, let outcome): end(attempt, outcome, at: now, into: &actions)
        case .cancelled(let id): cancel(id, at: now, into: &actions)
        case .stop: stop(at: now, into: &actions)
        }
    }

    private mutating func ask(
        _ call: CreateCall, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard broker.journeys[call.id] == nil else { return }
        broker.open(call, at: now)
        if view.isHopeless(call.wish, at: now) {
            return refuse(call.id, .noServer, at: now, into: &actions)
        }
        travel(call.id, at: now, into: &actions)
    }

    /// Sends a call to a server that can take it, or lets it wait for one.
    private mutating func travel(
        _ id: RequestID, at now: FleetInstant, into actions: inout [Action]
    ) {
        if let reason = hindrance(of: id, at: now) {
            return refuse(id, reason, at: now, into: &actions)
        }
        while let journey = broker.journeys[id], journey.attempt == nil {
            guard let (server, explanation) = choose(for: journey, at: now) else {
                return wait(id, at: now, into: &actions)
            }
            let first = whoGoesFirst(instead: journey, on: server, at: now)
            send(first, on: server, first == id ? explanation : nil, at: now, into: &actions)
        }
    }

    /// Whoever waits longer, and not in a lower class, goes first where it can go too. A server
    /// that is not well was chosen for want of better ones, which another wish may have.
    private func whoGoesFirst(
        instead journey: CreateBroker.Journey, on server: ServerName, at now: FleetInstant
    ) -> RequestID {
        let (wish, isWell) = (journey.wish(at: now), view.hasRoom(server))
        let first = broker.firstIdle { other in
            if other.call.id == journey.call.id { return true }
            guard other.call.priority >= journey.call.priority else { return false }
            let theirs = other.wish(at: now)
            return isWell ? view.fits(server, theirs) : theirs == wish
        }
        return first ?? journey.call.id
    }

    /// Why a call goes nowhere any more. The first try is allowed to whoever would not wait at all.
    private func hindrance(of id: RequestID, at now: FleetInstant) -> CreateRefusal.Reason? {
        guard let journey = broker.journeys[id] else { return nil }
        if broker.isStopping { return .draining }
        if journey.breakages >= broker.limits.mostBroken { return .serversBroken }
        return journey.attempts > 0 && journey.deadline <= now ? .queueTimeout : nil
    }

    private mutating func choose(
        for journey: CreateBroker.Journey, at now: FleetInstant
    ) -> (ServerName, PlacementExplanation?)? {
        var wish = journey.wish(at: now)
        let first = choose(wish, journey.call.isExplained)
        if first != nil || wish.avoided.isEmpty { return first }
        wish.avoided = []
        return choose(wish, journey.call.isExplained)
    }

    private mutating func choose(
        _ wish: PlacementWish, _ isExplained: Bool
    ) -> (ServerName, PlacementExplanation?)? {
        guard isExplained else { return view.place(wish, using: &random).map { ($0, nil) } }
        let explanation = view.explain(wish, using: &random)
        return explanation.chosen.map { ($0, explanation) }
    }

    private mutating func send(
        _ id: RequestID, on server: ServerName, _ explanation: PlacementExplanation?,
        at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let journey = broker.journeys[id], let known = view.server(server) else { return }
        let limits = broker.limits
        let patience = min(
            limits.attemptPatience, max(limits.leastPatience, now.duration(to: journey.deadline)))
        let endpoint = known.origin == .own ? nil : known.endpoint
        let end = now.advanced(by: patience)
        guard let attempt = broker.begin(id, on: server, at: endpoint, until: end) else { return }
        view.began(on: server)
        actions.append(.create(.attempt(attempt, patience: patience, explanation)))
    }

    private mutating func wait(
        _ id: RequestID, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard let journey = broker.journeys[id], !broker.isQueued(id) else { return }
        guard now < journey.deadline else {
            return refuse(id, .queueTimeout, at: now, into: &actions)
        }
        let isFull = broker.waiting >= broker.limits.queueBound
        let loser = isFull ? broker.queue.giveWay(to: journey.call.request) : nil
        guard !isFull || loser != nil else {
            return refuse(id, .queueFull, at: now, into: &actions)
        }
        broker.join(id, at: now)
        if let loser { refuse(loser, .queueFull, at: now, into: &actions) }
    }

    private mutating func end(
        _ attempt: CreateAttempt, _ outcome: AttemptOutcome, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        guard broker.journeys[attempt.call]?.attempt == attempt else {
            guard outcome == .made else { return }
            broker.ledger.released += 1
            return actions.append(.create(.release(attempt)))
        }
        broker.end(attempt.call)
        view.ended(
            on: attempt.server, wasTaken: outcome == .made,
            isFull: outcome == .full || outcome == .declined)
        // Before anything else is told: a server that comes back by that takes waiting calls.
        switch outcome {
        case .made, .rejected:
            if outcome == .made { broker.ledger.made += 1 } else { broker.ledger.rejected += 1 }
            broker.close(attempt.call, served: outcome == .made, at: now)
            actions.append(.create(.answer(attempt)))
        case .unreachable, .broken: noteBreakage(attempt, at: now)
        case .full, .declined: break
        }
        if attempt.endpoint != nil {
            tell(.called(attempt.server, failed: outcome.isFailure), at: now, into: &actions)
        }
        travel(attempt.call, at: now, into: &actions)
    }

    private mutating func noteBreakage(_ attempt: CreateAttempt, at now: FleetInstant) {
        let until = now.advanced(by: broker.limits.brokenPause)
        let region = view.region(of: attempt.server)
        broker.note(
            CreateBroker.Breakage(server: attempt.server, region: region, until: until),
            of: attempt.call)
    }

    private mutating func cancel(
        _ id: RequestID, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard broker.journeys[id] != nil else { return }
        abandon(id, into: &actions)
        broker.ledger.cancelled += 1
        broker.close(id, served: false, at: now)
    }

    private mutating func stop(at now: FleetInstant, into actions: inout [Action]) {
        broker.isStopping = true
        while let id = broker.firstIdle(where: { _ in true }) {
            refuse(id, .draining, at: now, into: &actions)
        }
    }

    /// Cuts the attempt of a call short.
    private mutating func abandon(_ id: RequestID, into actions: inout [Action]) {
        guard let attempt = broker.journeys[id]?.attempt else { return }
        broker.end(id)
        view.ended(on: attempt.server, wasTaken: false, isFull: false)
        actions.append(.create(.abandon(attempt)))
    }

    private mutating func refuse(
        _ id: RequestID, _ reason: CreateRefusal.Reason, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        let place = broker.place(of: id) ?? broker.waiting + 1
        abandon(id, into: &actions)
        let estimate = broker.estimate
        var refusal = CreateRefusal(reason: reason)
        switch reason {
        case .queueFull, .queueTimeout:
            refusal.place = place
            refusal.estimate = estimate.wait(place: place, at: now)
            refusal.retryAfter = estimate.retryAfter(
                place: reason == .queueFull ? 1 : place, at: now)
        case .serversBroken: refusal.retryAfter = .seconds(5)
        case .noServer, .draining: break
        }
        broker.ledger.noteRefusal(reason)
        broker.close(id, served: false, at: now)
        actions.append(.create(.refuse(id, refusal)))
    }
}

extension GatewayMachine {
    /// A server reported room: whoever waits for it takes it.
    mutating func serve(
        on server: ServerName, at now: FleetInstant, into actions: inout [Action]
    ) {
        guard broker.idle > 0 else { return }
        while view.hasRoom(server),
            let id = broker.firstIdle(where: { view.fits(server, $0.wish(at: now)) })
        {
            send(id, on: server, nil, at: now, into: &actions)
        }
    }

    /// A server does not answer: what is on its way there goes elsewhere.
    mutating func giveUp(
        on server: ServerName, at now: FleetInstant, into actions: inout [Action]
    ) {
        let stuck = broker.journeys.values.filter { $0.attempt?.server == server }
            .compactMap(\.attempt).sorted { $0.call < $1.call }
        for attempt in stuck { breakOff(attempt, at: now, into: &actions) }
    }

    /// Ends what is over by time, and looks at those that wait.
    mutating func meetDeadlines(at now: FleetInstant, into actions: inout [Action]) {
        while let id = broker.popOverdue(at: now) {
            guard let attempt = broker.journeys[id]?.attempt else { continue }
            breakOff(attempt, at: now, into: &actions)
            if attempt.endpoint != nil {
                tell(.called(attempt.server, failed: true), at: now, into: &actions)
            }
        }
        while let id = broker.queue.expired(at: now) {
            // What is on its way is waited for; there is no further try.
            if broker.journeys[id]?.attempt != nil {
                broker.unqueue(id, served: false, at: now)
            } else {
                refuse(id, .queueTimeout, at: now, into: &actions)
            }
        }
        look(at: now, into: &actions)
    }

    private mutating func breakOff(
        _ attempt: CreateAttempt, at now: FleetInstant, into actions: inout [Action]
    ) {
        abandon(attempt.call, into: &actions)
        noteBreakage(attempt, at: now)
        travel(attempt.call, at: now, into: &actions)
    }

    private mutating func look(at now: FleetInstant, into actions: inout [Action]) {
        if let due = broker.looksAt, due <= now {
            broker.looksAt = nil
            var seen: Set<RequestID> = []
            while seen.count < Self.looks,
                let id = broker.firstIdle(where: { !seen.contains($0.call.id) })
            {
                seen.insert(id)
                travel(id, at: now, into: &actions)
            }
        }
        if broker.idle == 0 { broker.looksAt = nil }
        if broker.idle > 0, broker.looksAt == nil {
            broker.looksAt = now.advanced(by: Self.lookInterval)
        }
    }
}
