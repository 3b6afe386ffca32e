// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization

/// The look-ups of all relays that share one resolver, in fair turns. A caller that is cancelled is
/// let go at once; what it asked for keeps its thread until the resolver is done.
public final class NameLookups: Sendable {
    private struct State {
        var turns: LookupTurns
        var lastNumber: UInt64 = 0
        var callers: [LookupTurns.Ticket: CheckedContinuation<[IPAddress], any Error>] = [:]
        var names: [LookupTurns.Ticket: String] = [:]
    }

    /// Those of this process, by the host's own resolver.
    public static let shared = NameLookups(resolver: SystemNameResolver())

    private let resolver: any NameResolver
    private let state: Mutex<State>
    private let lastRelay = Atomic<UInt64>(0)

    /// Creates turns at `resolver`.
    public convenience init(resolver: any NameResolver) {
        self.init(resolver: resolver, bounds: LookupTurns.Bounds())
    }

    init(resolver: any NameResolver, bounds: LookupTurns.Bounds) {
        self.resolver = resolver
        state = Mutex(State(turns: LookupTurns(bounds: bounds)))
    }

    /// The number of one more relay.
    func newRelay() -> UInt64 {
        lastRelay.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// All addresses of `host`, best first, at least one.
    ///
    /// - Throws: `ResolutionError`, `tooMany` at once when too many of the relay's look-ups wait;
    ///   `CancellationError`.
    func addresses(of host: String, for relay: UInt64) async throws -> [IPAddress] {
        let ticket = state.withLock { state in
            state.lastNumber += 1
            return LookupTurns.Ticket(relay: relay, number: state.lastNumber)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { caller in
                let actions = state.withLock { state in
                    state.callers[ticket] = caller
                    state.names[ticket] = host
                    return state.turns.handle(.asked(ticket))
                }
                perform(actions)
                if Task.isCancelled { abandon(ticket) }
            }
        } onCancel: {
            abandon(ticket)
        }
    }

    private func abandon(_ ticket: LookupTurns.Ticket) {
        end(ticket, with: .failure(CancellationError()), event: .abandoned(ticket))
    }

    private func end(
        _ ticket: LookupTurns.Ticket, with result: Result<[IPAddress], any Error>,
        event: LookupTurns.Event?
    ) {
        let (caller, actions) = state.withLock { state in
            let caller = state.callers.removeValue(forKey: ticket)
            state.names[ticket] = nil
            return (caller, event.map { state.turns.handle($0) } ?? [])
        }
        caller?.resume(with: result)
        perform(actions)
    }

    private func perform(_ actions: [LookupTurns.Action]) {
        for action in actions {
            switch action {
            case .start(let ticket):
                guard let name = state.withLock({ $0.names[ticket] }) else {
                    end(ticket, with: .failure(CancellationError()), event: .finished(ticket))
                    continue
                }
                Task { await run(ticket, name) }
            case .refuse(let ticket):
                end(ticket, with: .failure(ResolutionError.tooMany), event: nil)
            }
        }
    }

    private func run(_ ticket: LookupTurns.Ticket, _ name: String) async {
        let result: Result<[IPAddress], any Error>
        do {
            result = .success(try await resolver.resolve(name))
        } catch {
            result = .failure(error)
        }
        end(ticket, with: result, event: .finished(ticket))
    }
}
