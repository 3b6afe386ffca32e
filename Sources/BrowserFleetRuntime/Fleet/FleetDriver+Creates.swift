// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

extension FleetDriver {
    /// Whether there is another server to place browsers on; a server on its own has its pool.
    public var places: Bool {
        isGateway
            && withState { state in
                settings.role == .gateway || state.machine.view.count > 1
            }
    }

    /// Places one create call: tries servers in turn, and waits for one with room.
    ///
    /// Cancelling the task gives the call up; a browser that was made in that moment is given back.
    ///
    /// - Parameters:
    ///   - wish: what is wanted.
    ///   - attempt: tries one server (its endpoint is `nil` if it is this process) without waiting
    ///     there; ends within the duration, and soon after a cancellation.
    ///   - giveBack: deletes a browser that nobody wants any more.
    /// - Returns: how it ended.
    public func create<Answer: Sendable>(
        _ wish: CreateWish,
        attempt: @escaping @Sendable (CreateAttempt, Duration) async -> AttemptResult<Answer>,
        giveBack: @escaping @Sendable (CreateAttempt, Answer) async -> Void
    ) async -> CreateEnd<Answer> {
        let journey = CreateJourney(giveBack: giveBack)
        let id = ask(wish, journey)
        return await withTaskCancellationHandler {
            let end = await travel(id, journey, attempt)
            settle(id, journey)
            if case .cancelled = end.news, let (attempt, answer) = journey.takeUnwanted() {
                await giveBack(attempt, answer)
            }
            return end
        } onCancel: {
            feed(.create(.cancelled(id)))
        }
    }

    private func travel<Answer: Sendable>(
        _ id: RequestID, _ journey: CreateJourney<Answer>,
        _ attempt: @escaping @Sendable (CreateAttempt, Duration) async -> AttemptResult<Answer>
    ) async -> CreateEnd<Answer> {
        for await step in journey.steps {
            guard case .attempt(let next, let patience) = step else { return journey.end(step) }
            // Unstructured, because one attempt is cut short while the call goes on; it ends by
            // its patience, and its end is told whatever becomes of the caller.
            let task = Task {
                let result = await attempt(next, patience)
                journey.ended(next, result)
                feed(.create(.ended(next, result.outcome)))
                settle(id, journey)
            }
            journey.began(next, task)
        }
        // The caller went away. What was told and not begun is answered all the same.
        feed(.create(.cancelled(id)))
        for attempt in journey.leftovers() { feed(.create(.ended(attempt, .rejected))) }
        return journey.end(nil)
    }

    /// Takes no more create calls and refuses those that wait; those on their way may arrive.
    public func stopCreates() { feed(.create(.stop)) }

    private func ask(_ wish: CreateWish, _ journey: some CreateStepping) -> RequestID {
        withState { state in
            state.requests += 1
            let id = RequestID(state.requests)
            state.calls[id] = journey
            feed(
                .create(
                    .asked(
                        CreateCall(
                            id: id, owner: wish.owner, priority: wish.priority,
                            wish: wish.placement, patience: wish.patience,
                            isExplained: wish.isExplained))), &state)
            return id
        }
    }

    /// Forgets a call that is answered and has no attempt on its way.
    private func settle<Answer>(_ id: RequestID, _ journey: CreateJourney<Answer>) {
        guard journey.isSettled else { return }
        withState { _ = $0.calls.removeValue(forKey: id) }
    }
}
