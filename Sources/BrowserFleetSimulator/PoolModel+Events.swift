// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

extension PoolModel {
    /// Takes note of what the pool is about to be told.
    mutating func told(_ event: PoolMachine.Event, at instant: FleetInstant) {
        now = max(now, instant)
        switch event {
        case .started, .woke, .activity: break
        case .requested(let request): arrived(request)
        case .cancelled(let request): wentAway(request)
        case .launched(let slot): cameUp(slot)
        case .launchFailed(let slot, let blame): failed(slot, blame)
        case .broke(let slot, let breakage): broke(slot, breakage)
        case .ended(let slot): isGone(slot)
        case .connected, .disconnected, .used: clientMoved(event)
        case .finish(let lease, let reason):
            if let place = place(of: lease.slot), browsers[place].lease != nil {
                browsers[place].told.append(reason)
            }
        case .memory(let slot, let bytes):
            if let place = place(of: slot), bytes > configuration.memoryLimit ?? .max {
                browsers[place].told.append(.memoryLimit)
            }
        case .sampled(let sample): sampled(sample)
        case .drain, .stop, .resume: modeChanged(event)
        }
    }

    private mutating func arrived(_ request: PoolRequest) {
        let known =
            answered.contains(request.id) || waiting.contains { $0.request.id == request.id }
        guard !known else { return }
        let rule = configuration.queueTimeout
        let patience = min(request.queueTimeout ?? rule.standard, rule.most)
        waiting.append(
            Caller(request: request, arrivedAt: now, deadline: now.advanced(by: patience)))
    }

    private mutating func wentAway(_ request: RequestID) {
        cancelled.insert(request)
        for place in browsers.indices where browsers[place].lease?.request == request {
            browsers[place].told.append(.abandoned)
        }
    }

    private mutating func cameUp(_ slot: SlotID) {
        guard let place = place(of: slot), browsers[place].isStarting else { return }
        browsers[place].stage = .warm
        browsers[place].since = now
        ownFailures[browsers[place].properties] = nil
        failures = 0
    }

    /// A launch that is known to have failed, whoever found out.
    mutating func failed(_ slot: SlotID, _ blame: PoolMachine.LaunchBlame) {
        guard let place = place(of: slot), browsers[place].isStarting else { return }
        browsers[place].stage = .failed
        browsers[place].since = now
        let properties = browsers[place].properties
        let isPlain = properties == .headless || properties == .headful
        if !isPlain {
            ownFailures[properties, default: 0] += 1
            let isOver =
                ownFailures[properties, default: 0] >= configuration.launch.attemptsPerProperties
            if blame == .properties || isOver { hopeless.insert(properties) }
            if blame == .properties { return }
        }
        failures += 1
        failedAt = now
    }

    private mutating func broke(_ slot: SlotID, _ breakage: PoolMachine.Breakage) {
        guard let place = place(of: slot) else { return }
        if browsers[place].isStarting { return failed(slot, .server) }
        browsers[place].told.append(breakage == .crashed ? .crashed : .unhealthy)
    }

    private mutating func isGone(_ slot: SlotID) {
        guard let place = place(of: slot) else { return }
        if browsers[place].isStarting { failed(slot, .server) }
        guard browsers[place].isGoing else {
            browsers[place].told.append(.crashed)
            browsers[place].vanished = true
            return
        }
        browsers.remove(at: place)
    }

    private mutating func clientMoved(_ event: PoolMachine.Event) {
        let now = now
        switch event {
        case .connected(let lease, let connection):
            change(lease) {
                guard !$0.connections.contains(connection) else { return }
                $0.connections.append(connection)
                $0.wasUsed = true
                $0.movedAt = now
            }
        case .disconnected(let lease, let connection):
            change(lease) {
                guard $0.connections.contains(connection) else { return }
                $0.connections.removeAll { $0 == connection }
                if $0.connections.isEmpty { $0.leftAt = now }
            }
        case .used(let lease):
            change(lease) {
                if !$0.terms.endsOnDisconnect { $0.wasUsed = true }
                $0.movedAt = now
            }
        default: break
        }
    }

    /// Eight readings above, or three below, are beyond doubt with a second between them and a
    /// smoothing of two. A leap of the clock brings none.
    private mutating func sampled(_ sample: PressureSample) {
        let isHigh = (sample.host.processor ?? 0) > 90
        if isHigh != isBusy {
            isBusy = isHigh
            readings = 0
            readAt = now
            load = .changing
        }
        if readAt.duration(to: now) >= .seconds(1) {
            readings += 1
            readAt = now
        }
        if isBusy, readings >= 8 { load = .busy }
        if !isBusy, readings >= 3 { load = .calm }
    }

    private mutating func modeChanged(_ event: PoolMachine.Event) {
        switch event {
        case .drain(let by):
            guard !stopped else { return }
            if drainBy == nil { saidDrained = false }
            drainBy = min(drainBy ?? by, by)
        case .stop:
            if !stopped { saidDrained = false }
            stopped = true
        default: if !stopped { drainBy = nil }
        }
    }
}
