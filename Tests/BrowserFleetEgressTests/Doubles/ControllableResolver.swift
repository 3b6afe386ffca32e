// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetEgress
import Synchronization

/// A resolver whose every answer is scripted: each lookup of a name takes the next of its answers,
/// the last one stays. What was asked is kept.
final class ControllableResolver: NameResolver {
    enum Answer: Sendable {
        case addresses([String])
        case failure(ResolutionError)
    }

    private struct State {
        var answers: [String: [Answer]]
        var asked: [String] = []
    }

    private let state: Mutex<State>

    init(_ answers: [String: [Answer]]) {
        state = Mutex(State(answers: answers))
    }

    convenience init(_ names: [String: String]) {
        self.init(names.mapValues { [.addresses([$0])] })
    }

    /// The names that were looked up, in order.
    var asked: [String] { state.withLock { $0.asked } }

    func resolve(_ host: String) async throws -> [IPAddress] {
        let answer = state.withLock { state -> Answer? in
            state.asked.append(host)
            guard let answers = state.answers[host], let first = answers.first else { return nil }
            if answers.count > 1 { state.answers[host] = Array(answers.dropFirst()) }
            return first
        }
        switch answer {
        case nil: throw ResolutionError.notFound
        case .failure(let error)?: throw error
        case .addresses(let texts)?: return texts.compactMap { IPAddress($0) }
        }
    }
}

/// A resolver that never answers, until it is released.
final class SilentResolver: NameResolver {
    fileprivate struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watcher: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    /// How many look-ups wait now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func resolve(_ host: String) async throws -> [IPAddress] {
        await withCheckedContinuation { continuation in
            let watcher = state.withLock { state in
                state.waiting.append(continuation)
                return state.takeWatcher()
            }
            watcher?.resume()
        }
        throw ResolutionError.unavailable
    }

    /// Returns when `count` look-ups wait.
    func asked(count: Int) async {
        await withCheckedContinuation { continuation in
            let watcher = state.withLock { state in
                state.watcher = (count, continuation)
                return state.takeWatcher()
            }
            watcher?.resume()
        }
    }

    /// Lets every look-up that waits now fail.
    func release() {
        let continuations = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in continuations { continuation.resume() }
    }
}

extension SilentResolver.State {
    fileprivate mutating func takeWatcher() -> CheckedContinuation<Void, Never>? {
        guard let found = watcher, waiting.count >= found.count else { return nil }
        watcher = nil
        return found.continuation
    }
}
