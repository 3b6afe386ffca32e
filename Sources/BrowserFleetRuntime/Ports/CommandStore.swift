// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Runs the commands of Core on state that a fleet shares. The base of the store ports.
///
/// A command is done whole or not at all, and as if no other ran beside it. When the call returns,
/// what it did is as durable as the store is.
public protocol CommandStore: Sendable {
    /// Decides on `command` and does what it wants.
    ///
    /// - Parameters:
    ///   - command: what is wanted.
    ///   - limit: how long it may take, waits for a lost store included; `nil` for the store's own.
    /// - Returns: what the command answers.
    /// - Throws: ``StoreError``, at the latest when the time is over.
    @discardableResult
    func run<Answer: Sendable>(
        _ command: some StoreCommand<Answer>, within limit: Duration?
    ) async throws(StoreError) -> Answer
}

extension CommandStore {
    /// Decides on `command` within the store's own time limit.
    @discardableResult
    public func run<Answer: Sendable>(
        _ command: some StoreCommand<Answer>
    ) async throws(StoreError) -> Answer {
        try await run(command, within: nil)
    }
}
