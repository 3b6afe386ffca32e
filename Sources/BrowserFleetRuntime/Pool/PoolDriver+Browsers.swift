// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
import Synchronization
import Tracing

extension PoolDriver {
    /// Works off one launch: starts it as a task of its own, which an end can cancel.
    func launch(_ slot: SlotID, _ properties: LaunchProperties, with launcher: Launcher) async {
        let request = LaunchRequest(slot: slot, properties: properties)
        let task = state.withLock { state -> Task<Void, Never>? in
            // An end may have overtaken the launch; then there is nothing to begin.
            guard case .announced? = state.occupants[slot] else { return nil }
            // A launch is nobody's: callers wait on the pool, so its span is a trace of its own.
            let task = Task { await perform(request, with: launcher) }
            state.occupants[slot] = .launching(task)
            return task
        }
        guard let task else { return gone(slot) }
        await task.value
    }

    private func perform(_ request: LaunchRequest, with launcher: Launcher) async {
        let began = clock.now
        do throws(LaunchError) {
            let browser = try await spanned(request) { () async throws(LaunchError) in
                try await launcher.launch(request)
            }
            metrics.launched(request.properties, after: began.duration(to: clock.now))
            if settle(request.slot, browser) {
                await watch(request.slot, browser)
            } else {
                await browser.end(.evicted)
                gone(request.slot)
            }
        } catch {
            failed(request, error)
        }
    }

    private func spanned(
        _ request: LaunchRequest,
        _ body: () async throws(LaunchError) -> Launcher.Browser
    ) async throws(LaunchError) -> Launcher.Browser {
        let span = startSpan("launch", context: .topLevel)
        defer { span.end() }
        span.attributes["slot"] = "\(request.slot)"
        span.attributes["headful"] = request.properties.headful
        do throws(LaunchError) {
            return try await body()
        } catch {
            span.recordError(error)
            throw error
        }
    }

    /// Takes a launched browser in; false if it was given up meanwhile.
    private func settle(_ slot: SlotID, _ browser: Launcher.Browser) -> Bool {
        state.withLock { state in
            if case .doomed? = state.occupants[slot] { return false }
            state.occupants[slot] = .running(browser)
            state.launchTrouble = nil
            feed(.launched(slot), &state)
            return true
        }
    }

    private func failed(_ request: LaunchRequest, _ error: LaunchError) {
        let blame: PoolMachine.LaunchBlame =
            error.code == .invalidArgument ? .properties : .server
        state.withLock { state in
            var isDoomed = false
            if case .doomed? = state.occupants[request.slot] { isDoomed = true }
            state.occupants[request.slot] = nil
            if !isDoomed {
                state.launchTrouble = error
                metrics.launchFailed(error.code)
                logger.error("launch failed", metadata: ["error": "\(error)"])
                feed(.launchFailed(request.slot, blame), &state)
            }
            feed(.ended(request.slot), &state)
        }
    }

    /// Waits for a browser to end by itself and tells the machine.
    private func watch(_ slot: SlotID, _ browser: Launcher.Browser) async {
        switch await browser.awaitExit() {
        case .crashed: feed(.broke(slot, .crashed))
        case .closedByClient: feed(.finish(LeaseID(slot: slot), .clientClosed))
        case .ended: break
        }
    }

    /// Works off one end: gives a launch up, or destroys a browser.
    func end(_ slot: SlotID, _ reason: EndReason) async {
        guard let browser = beginEnd(slot) else { return }
        await browser.end(reason)
        gone(slot)
    }

    private func beginEnd(_ slot: SlotID) -> Launcher.Browser? {
        state.withLock { state in
            switch state.occupants[slot] {
            case .launching(let task):
                task.cancel()
                state.occupants[slot] = .doomed
                return nil
            case .running(let browser):
                state.occupants[slot] = .ending(browser)
                return browser
            case .announced:
                state.occupants[slot] = .doomed
                return nil
            case nil, .doomed, .ending:
                return nil
            }
        }
    }

    private func gone(_ slot: SlotID) {
        state.withLock { state in
            state.occupants[slot] = nil
            feed(.ended(slot), &state)
        }
    }

    /// Answers the machine's question whether a lease is in use.
    func probeActivity(_ lease: LeaseID) {
        state.withLock { state in
            guard case .running(let browser)? = state.occupants[lease.slot] else { return }
            feed(.activity(lease, last: browser.lastActivity, viewers: 0), &state)
        }
    }

    /// Slots that own something, for the sweep.
    var ownedSlots: Set<SlotID> { state.withLock { Set($0.occupants.keys) } }

    /// Browsers that have a lease, in the order of their slots.
    var leasedBrowsers: [(slot: SlotID, browser: Launcher.Browser)] {
        state.withLock { state in
            state.records.keys.sorted().compactMap { lease in
                guard case .running(let browser)? = state.occupants[lease.slot] else { return nil }
                return (lease.slot, browser)
            }
        }
    }
}

extension Occupant {
    /// Bytes that crossed the relay, while there is a browser to ask.
    var traffic: BrowserTraffic? {
        switch self {
        case .running(let browser), .ending(let browser): browser.traffic
        case .announced, .launching, .doomed: nil
        }
    }
}
