// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A pattern for words such as `server.lost`: the word itself, or `server.` for all that begin so.
struct WordPattern: Hashable, Sendable {
    /// The pattern as it was given.
    let text: String

    init(_ text: String) { self.text = text }

    /// Whether the pattern stands for a word.
    func covers(_ word: String) -> Bool {
        text.hasSuffix(".") ? word.hasPrefix(text) : word == text
    }
}
