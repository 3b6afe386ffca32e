// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
public import BrowserFleetRuntime

/// What every store promises: the same random commands, asked of ``StoreModel`` and of the store,
/// get the same answers, and leave the same records, events and audit entries.
///
/// The store has to be empty and nobody else's. Equal seeds make equal commands.
public struct StoreContract<
    Store: ServerRegistry & AssignmentStore & EventBus & AuditLog
>: Sendable {
    /// The store that is held against the model.
    let store: Store
    /// What it ought to say.
    var model = StoreModel()
    /// What chance decides.
    var generator: SeededGenerator
    /// The time that commands are stamped with.
    var unixMilliseconds: Int64 = 1_800_000_000_000
    /// Where a reader of the events stands, in the store and in the model.
    var reader = (store: LogPosition.origin, model: LogPosition.origin)
    /// What differed so far.
    public private(set) var differences: [String] = []
    /// How many commands and questions were asked.
    public private(set) var operations = 0

    /// Creates a run of the contract.
    public init(_ store: Store, seed: UInt64) {
        self.store = store
        generator = SeededGenerator(seed: seed)
    }

    /// Asks `count` random commands, then compares everything; stops at the first difference.
    ///
    /// - Returns: what differed, as lines for people; none is what ought to be.
    public mutating func run(operations count: Int) async -> [String] {
        for _ in 0..<count where differences.isEmpty {
            operations += 1
            unixMilliseconds += Int64(number(0...40)) - 10
            await performRandomOperation()
            if operations.isMultiple(of: 100) { await compareAll() }
        }
        if differences.isEmpty { await compareAll() }
        return differences
    }

    /// Asks one command of both.
    mutating func ask<Answer: Hashable & Sendable>(
        _ command: some StoreCommand<Answer>
    ) async {
        await ask(command) { $0 }
    }

    /// Asks one command that answers nothing of both.
    mutating func tell(_ command: some StoreCommand<Void>) async {
        await ask(command) { 0 }
    }

    private mutating func ask<Answer: Sendable, Shown: Hashable>(
        _ command: some StoreCommand<Answer>, shown: (Answer) -> Shown
    ) async {
        let expected = modelOutcome(command, shown: shown)
        let actual = await storeOutcome(command, shown: shown)
        guard expected != actual else { return }
        differ("\(command)", expected: "\(expected)", actual: "\(actual)")
    }

    private mutating func modelOutcome<Answer: Sendable, Shown: Hashable>(
        _ command: some StoreCommand<Answer>, shown: (Answer) -> Shown
    ) -> Outcome<Shown> {
        do {
            return .answered(shown(try model.run(command)))
        } catch {
            return .refused(error)
        }
    }

    private func storeOutcome<Answer: Sendable, Shown: Hashable>(
        _ command: some StoreCommand<Answer>, shown: (Answer) -> Shown
    ) async -> Outcome<Shown> {
        do {
            return .answered(shown(try await store.run(command)))
        } catch {
            return error.refusal.map(Outcome.refused) ?? .failed(error.description)
        }
    }

    /// Notes a difference.
    mutating func differ(_ what: String, expected: String, actual: String) {
        differences.append(
            "operation \(operations): \(what)\n  expected \(expected)\n  actual   \(actual)")
    }

    /// A number of the range, each as likely.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    /// True in `percent` of 100 draws.
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of the choices, which must not be empty.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[number(0...choices.count - 1)]
    }
}

private enum Outcome<Shown: Hashable>: Hashable {
    case answered(Shown)
    case refused(StoreRefusal)
    case failed(String)
}
