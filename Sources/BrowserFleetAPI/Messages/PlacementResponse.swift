// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a browser was made where it was: in the answer of `POST /browsers?explain=true`.
public struct PlacementResponse: Hashable, Sendable, Codable {
    /// One server that was looked at.
    public struct Candidate: Hashable, Sendable, Codable {
        /// The server name.
        public var server: String
        /// Why it was not considered, one word; absent if it was.
        public var obstacle: String?
        /// Leases it could still take.
        public var free: Int

        /// Creates a candidate.
        public init(server: String, obstacle: String?, free: Int) {
            self.server = server
            self.obstacle = obstacle
            self.free = free
        }
    }

    /// One server that was asked.
    public struct Attempt: Hashable, Sendable, Codable {
        /// The server name.
        public var server: String
        /// `made`, or the word for why not.
        public var outcome: String

        /// Creates an attempt.
        public init(server: String, outcome: String) {
            self.server = server
            self.outcome = outcome
        }
    }

    /// The strategy in force: a value of `PLACEMENT`.
    public var strategy: String
    /// The servers that were looked at before the first was asked, by name.
    public var considered: [Candidate]
    /// The servers that were asked, in turn.
    public var attempts: [Attempt]

    /// Creates an explanation.
    public init(strategy: String, considered: [Candidate], attempts: [Attempt]) {
        self.strategy = strategy
        self.considered = considered
        self.attempts = attempts
    }
}
