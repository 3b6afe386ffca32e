// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import Synchronization

/// A caller's wish for a browser on some server of the fleet.
public struct CreateWish: Sendable {
    /// Whose fair share it counts against: the ID of an API key.
    public var owner: String
    /// Class of service.
    public var priority: PriorityClass
    /// What server it may be.
    public var placement: PlacementWish
    /// How long the caller is willing to wait.
    public var patience: Duration
    /// Whether the caller asked why its server was chosen.
    public var isExplained: Bool

    /// Creates a wish.
    public init(
        owner: String, priority: PriorityClass = .normal,
        placement: PlacementWish = PlacementWish(), patience: Duration = .seconds(30),
        isExplained: Bool = false
    ) {
        self.owner = owner
        self.priority = priority
        self.placement = placement
        self.patience = patience
        self.isExplained = isExplained
    }
}

/// What one try of a create call on one server brought.
public struct AttemptResult<Answer: Sendable>: Sendable {
    /// How it ended.
    public var outcome: AttemptOutcome
    /// The browser, or the server's own words of refusal; `nil` if there was no answer.
    public var answer: Answer?

    /// Creates a result.
    public init(_ outcome: AttemptOutcome, _ answer: Answer? = nil) {
        self.outcome = outcome
        self.answer = answer
    }
}

/// How a create call ended, and how it got there.
public struct CreateEnd<Answer: Sendable>: Sendable {
    /// The news for the caller.
    public enum News: Sendable {
        /// What a server answered: a browser, or a refusal that no other server would change.
        case answered(Answer)
        /// No server could.
        case refused(CreateRefusal)
        /// The caller went away.
        case cancelled
    }

    /// The news for the caller.
    public var news: News
    /// Why the first server was chosen, if that was asked.
    public var explanation: PlacementExplanation?
    /// The servers that were asked, in turn.
    public var attempts: [(server: ServerName, outcome: AttemptOutcome)]
}

/// What the driver tells a call, under its lock: only hands things on.
protocol CreateStepping: Sendable {
    func attempt(
        _ attempt: CreateAttempt, _ patience: Duration, _ explanation: PlacementExplanation?)
    func abandon(_ attempt: CreateAttempt)
    func release(_ attempt: CreateAttempt)
    func answer(_ attempt: CreateAttempt)
    func refuse(_ refusal: CreateRefusal)
}

/// One create call on its way: hands what the machine wants to the caller's task, and keeps what
/// the attempts brought.
final class CreateJourney<Answer: Sendable>: CreateStepping {
    /// What the caller's task does next.
    enum Step: Sendable {
        case attempt(CreateAttempt, Duration)
        case answer(CreateAttempt)
        case refuse(CreateRefusal)
    }

    private struct State {
        /// Attempts that the caller's task has not begun yet.
        var told: [CreateAttempt] = []
        var running: [Int: Task<Void, Never>] = [:]
        /// Whether the caller has its news.
        var isAnswered = false
        /// The attempt whose answer is the caller's.
        var chosen: CreateAttempt?
        var abandoned: Set<Int> = []
        var results: [Int: AttemptResult<Answer>] = [:]
        var explanation: PlacementExplanation?
        var attempts: [(server: ServerName, outcome: AttemptOutcome)] = []
    }

    /// What the caller's task works off.
    let steps: AsyncStream<Step>
    private let pending: AsyncStream<Step>.Continuation
    private let giveBack: @Sendable (CreateAttempt, Answer) async -> Void
    private let state = Mutex(State())

    init(giveBack: @escaping @Sendable (CreateAttempt, Answer) async -> Void) {
        self.giveBack = giveBack
        (steps, pending) = AsyncStream.makeStream()
    }

    // MARK: Told by the machine

    func attempt(
        _ attempt: CreateAttempt, _ patience: Duration, _ explanation: PlacementExplanation?
    ) {
        state.withLock { state in
            state.told.append(attempt)
            if let explanation { state.explanation = explanation }
        }
        pending.yield(.attempt(attempt, patience))
    }

    func abandon(_ attempt: CreateAttempt) {
        let task = state.withLock { state in
            state.abandoned.insert(attempt.number)
            return state.running[attempt.number]
        }
        task?.cancel()
    }

    func release(_ attempt: CreateAttempt) {
        guard let answer = state.withLock({ $0.results[attempt.number]?.answer }) else { return }
        // Nobody waits for this any more, and the caller's task may be gone.
        Task.detached { [giveBack] in await giveBack(attempt, answer) }
    }

    func answer(_ attempt: CreateAttempt) {
        state.withLock { $0.chosen = attempt }
        pending.yield(.answer(attempt))
    }

    func refuse(_ refusal: CreateRefusal) { pending.yield(.refuse(refusal)) }

    // MARK: Told by the caller's task

    /// An attempt's exchange runs; one that was abandoned meanwhile is cut short.
    func began(_ attempt: CreateAttempt, _ task: Task<Void, Never>) {
        let isAbandoned = state.withLock { state in
            state.told.removeAll { $0 == attempt }
            if state.results[attempt.number] == nil { state.running[attempt.number] = task }
            return state.abandoned.contains(attempt.number)
        }
        if isAbandoned { task.cancel() }
    }

    /// An attempt's exchange has ended.
    func ended(_ attempt: CreateAttempt, _ result: AttemptResult<Answer>) {
        state.withLock { state in
            state.running[attempt.number] = nil
            state.results[attempt.number] = result
            state.attempts.append((attempt.server, result.outcome))
        }
    }

    /// Attempts that were told and that nobody will begin.
    func leftovers() -> [CreateAttempt] {
        state.withLock { state in
            defer { state.told = [] }
            return state.told
        }
    }

    /// Whether the caller has its news and no attempt is on its way.
    var isSettled: Bool { state.withLock { $0.isAnswered && $0.running.isEmpty } }

    /// What was made for a caller who went away in that moment, once.
    func takeUnwanted() -> (attempt: CreateAttempt, answer: Answer)? {
        state.withLock { state in
            guard let attempt = state.chosen, let result = state.results[attempt.number],
                result.outcome == .made, let answer = result.answer
            else { return nil }
            state.chosen = nil
            return (attempt, answer)
        }
    }

    /// The call's end.
    func end(_ step: Step?) -> CreateEnd<Answer> {
        state.withLock { state in
            state.isAnswered = true
            let news: CreateEnd<Answer>.News =
                switch step {
                case .answer(let attempt):
                    state.results[attempt.number]?.answer.map { .answered($0) } ?? .cancelled
                case .refuse(let refusal): .refused(refusal)
                case .attempt, nil: .cancelled
                }
            return CreateEnd(
                news: news, explanation: state.explanation, attempts: state.attempts)
        }
    }
}
