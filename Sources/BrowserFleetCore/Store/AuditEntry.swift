// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Who did what, kept for those who have to answer for it.
public struct AuditEntry: Hashable, Sendable, Codable {
    /// The key, the owner or the server that did it.
    public var author: String
    /// What was done, as the word of its event, or such as `browser.create`.
    public var action: String
    /// What it was done to.
    public var subject: String
    /// Milliseconds since 1970 by the clock of who wrote it.
    public var unixMilliseconds: Int64
    /// What else there is to say; never a secret.
    public var details: [String: String]

    /// Creates an entry.
    public init(
        author: String, action: String, subject: String, unixMilliseconds: Int64,
        details: [String: String] = [:]
    ) {
        self.author = author
        self.action = action
        self.subject = subject
        self.unixMilliseconds = unixMilliseconds
        self.details = details
    }

    /// How many bytes the texts have.
    var byteCount: Int {
        details.reduce(author.utf8.count + action.utf8.count + subject.utf8.count) {
            $0 + $1.key.utf8.count + $1.value.utf8.count
        }
    }
}

/// Which audit entries are asked for; `nil` is any.
public struct AuditFilter: Hashable, Sendable {
    /// Who did it.
    public var author: String?
    /// What was done; a word that ends in a dot stands for all that begin with it.
    public var action: String?
    /// What it was done to.
    public var subject: String?
    /// Not before this time, in milliseconds since 1970.
    public var since: Int64?

    /// Creates a filter.
    public init(
        author: String? = nil, action: String? = nil, subject: String? = nil, since: Int64? = nil
    ) {
        self.author = author
        self.action = action
        self.subject = subject
        self.since = since
    }

    /// Whether an entry is asked for.
    public func admits(_ entry: AuditEntry) -> Bool {
        (author.map { $0 == entry.author } ?? true)
            && (action.map { WordPattern($0).covers(entry.action) } ?? true)
            && (subject.map { $0 == entry.subject } ?? true)
            && (since.map { $0 <= entry.unixMilliseconds } ?? true)
    }
}
