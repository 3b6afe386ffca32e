// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// An entry of a list that could not be understood: which one, and how to mend it.
public struct EgressRuleError: Error, Hashable, Sendable {
    /// The entry as it was written.
    public let entry: String
    /// What is wrong and what to write instead, as the end of a sentence.
    public let advice: String

    init(_ entry: some StringProtocol, _ advice: String) {
        self.entry = String(entry)
        self.advice = advice
    }
}

extension EgressRuleError: CustomStringConvertible {
    /// One line for an operator.
    public var description: String { "'\(entry)': \(advice)" }
}
