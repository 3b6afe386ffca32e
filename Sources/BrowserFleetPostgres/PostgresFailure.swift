// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

/// What libpq or the server said instead of an answer.
struct PostgresFailure: Error, Sendable {
    /// Five characters, such as `40001`; `nil` if the trouble was on the way there.
    let state: String?
    /// In libpq's words, without a line end.
    let message: String
    /// Whether the statement had left for the server, so that it may have been carried out.
    let wasSent: Bool

    /// Another transaction was in the way: nothing was changed, and a new try may do.
    var isConflict: Bool { state == "40001" || state == "40P01" }

    /// What a caller is told about a question, or about a change that was not sent.
    var error: StoreError {
        StoreError(isLasting ? .unusable : .unavailable, "PostgreSQL: \(message)")
    }

    // Wrong password, database or rights, and everything that is wrong with a statement. A server
    // that starts, stops, is full or has become a replica may be well again later.
    private var isLasting: Bool {
        guard let state else {
            return ["authentication failed", "does not exist", "no pg_hba.conf entry", "invalid"]
                .contains { message.contains($0) }
        }
        let passing = ["08", "40", "53", "55", "57", "58"]
        return !passing.contains(String(state.prefix(2))) && state != "25006"
    }
}
