// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization
import Tracing

extension PoolDriver {
    /// Waits for a browser, inside a span.
    func acquire(_ wish: AcquireRequest) async -> Result<Lease<Launcher.Browser>, PoolError> {
        await withSpan("acquire") { span in
            let outcome = await request(wish)
            switch outcome {
            case .success(let lease):
                span.attributes["browserId"] = lease.id.text
                span.attributes["start"] = lease.record.start.rawValue
            case .failure(let error): span.recordError(error)
            }
            return outcome
        }
    }

    private func request(
        _ request: AcquireRequest
    ) async -> Result<Lease<Launcher.Browser>, PoolError> {
        let id = announce()
        let asked = clock.now
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(id, Caller.Wait(request: request, continuation: continuation))
            }
        } onCancel: {
            cancel(id)
        }
        metrics.answered(outcome, after: asked.duration(to: clock.now))
        return outcome
    }

    private func announce() -> RequestID {
        state.withLock { state in
            state.requests += 1
            let id = RequestID(state.requests)
            state.callers[id] = .announced
            return id
        }
    }

    private func submit(_ id: RequestID, _ wait: Caller<Launcher.Browser>.Wait) {
        state.withLock { state in
            guard case .announced? = state.callers[id] else {
                state.callers[id] = nil
                return wait.continuation.resume(returning: .failure(PoolError(.cancelled)))
            }
            guard state.isRunning else {
                state.callers[id] = nil
                return wait.continuation.resume(returning: .failure(PoolError(.notRunning)))
            }
            state.callers[id] = .waiting(wait)
            let wish = wait.request
            let request = PoolRequest(
                id: id, owner: wish.owner, priority: wish.priority,
                queueTimeout: wish.queueTimeout, waitsForOthers: wish.waitsForOthers,
                properties: wish.properties, terms: wish.terms)
            feed(.requested(request), &state)
        }
    }

    /// The caller went away: before the machine was told, while it waits, or just after its answer.
    private func cancel(_ id: RequestID) {
        state.withLock { state in
            if case .announced? = state.callers[id] {
                state.callers[id] = .cancelled
            } else {
                feed(.cancelled(id), &state)
            }
        }
    }

    /// Gives a waiting caller its browser.
    func grant(_ id: RequestID, _ grant: Grant, _ state: inout State) {
        guard case .waiting(let wait)? = state.callers.removeValue(forKey: id) else {
            return feed(.finish(grant.lease, .abandoned), &state)
        }
        guard case .running(let browser)? = state.occupants[grant.lease.slot] else {
            // A grant of a browser that is not there; the machine is told rather than trusted.
            wait.continuation.resume(
                returning: .failure(PoolError(.refused(Refusal(reason: .launchFailed)))))
            return feed(.finish(grant.lease, .unhealthy), &state)
        }
        var generator = SystemRandomNumberGenerator()
        let record = BrowserRecord(
            id: .mint(server: settings.serverName, using: &generator), wish: wait.request,
            grant: grant, createdAt: clock.unixMilliseconds,
            expiresAt: clock.unixMilliseconds(at: grant.expiresAt))
        state.records[grant.lease] = record
        state.leases[record.id] = grant.lease
        tell(.browserCreated, of: record, ["start": grant.start.rawValue])
        wait.continuation.resume(returning: .success(Lease(record: record, browser: browser)))
    }

    /// Gives a waiting caller its bad news.
    func refuse(_ id: RequestID, _ refusal: Refusal, _ state: inout State) {
        guard case .waiting(let wait)? = state.callers.removeValue(forKey: id) else { return }
        let error =
            refusal.reason == .cancelled
            ? PoolError(.cancelled) : PoolError(.refused(refusal), launchError: state.launchTrouble)
        wait.continuation.resume(returning: .failure(error))
    }
}
