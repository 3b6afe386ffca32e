// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A change to the registry, the assignments or the logs, as a value that decides for itself.
///
/// The rules of a fleet's shared state are in these commands and nowhere else. ``StoreModel`` runs
/// them on dictionaries; a store runs the very same ones on the records it has read and writes
/// what they want in one step, provided that nothing they have read has changed meanwhile.
public protocol StoreCommand<Answer>: Sendable {
    /// What the caller is told.
    associatedtype Answer: Sendable

    /// The records that will surely be asked for: a store reads them in one go. A hint only.
    var keys: [RecordKey] { get }

    /// Decides on what `view` shows, and says in it what to write.
    ///
    /// - Throws: ``StoreRefusal`` where a rule forbids it; nothing is written then.
    func decide(on view: inout RecordView) throws(StoreRefusal) -> Answer
}

/// Who wants a change, and when: for the audit, the events and what people read.
public struct CommandStamp: Hashable, Sendable {
    /// The key, the owner or the server that asks.
    public var author: String
    /// Milliseconds since 1970 by the caller's clock. Never compared with another clock's, but
    /// epochs are never below it.
    public var unixMilliseconds: Int64

    /// Creates a stamp.
    public init(author: String, unixMilliseconds: Int64) {
        self.author = author
        self.unixMilliseconds = unixMilliseconds
    }
}
