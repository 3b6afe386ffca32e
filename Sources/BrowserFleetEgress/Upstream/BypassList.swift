// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Hosts that a browser reaches without its upstream proxy (and so under the full policy).
///
/// The form is Playwright's and Chromium's: entries separated by commas, each `host`,
/// `.suffix` or `*.suffix`, an address or a block, any of them with `:port`, or `<local>` for
/// names without a dot.
public struct BypassList: Equatable, Sendable {
    private enum Entry: Equatable, Sendable {
        case rule(EgressRule)
        case dotless
        case everything
    }

    private let entries: [Entry]

    /// Whether there is nothing to bypass.
    public var isEmpty: Bool { entries.isEmpty }

    /// A list that bypasses nothing.
    public init() { entries = [] }

    /// Reads a list; the error names the entry that could not be read.
    public init(parsing text: String) throws(EgressRuleError) {
        var entries: [Entry] = []
        for entry in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isWhitespace }) {
            entries.append(try Self.entry(String(entry)))
        }
        self.entries = entries
    }

    /// Whether `target` is to be reached without the proxy.
    public func covers(_ target: EgressTarget) -> Bool {
        entries.contains { entry in
            switch entry {
            case .everything: true
            case .dotless: target.literal == nil && !target.host.contains(".")
            case .rule(let rule):
                if let literal = target.literal {
                    rule.covers(target, at: literal)
                } else {
                    rule.covers(nameOf: target)
                }
            }
        }
    }

    private static func entry(_ text: String) throws(EgressRuleError) -> Entry {
        switch text {
        case "*": .everything
        case "<local>": .dotless
        default: .rule(try EgressRule.parse(text.hasPrefix(".") ? "*" + text : text))
        }
    }
}
