// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What may stand behind a switch's equals sign.
enum ValuePattern: Sendable, Equatable {
    /// Nothing: the switch stands alone.
    case none
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A decimal number with at most three places, in thousandths.
    case thousandths(ClosedRange<Int>)
    /// Two whole numbers with a comma.
    case pair(ClosedRange<Int>)
    /// One of these words.
    case oneOf([String])
    /// Language tags with commas, such as `de-DE,en`.
    case languages(atMost: Int)
    /// `name=value` pairs with commas: a name of the table, a value of its pattern.
    case settings([String: ValuePattern])

    /// Whether `value` fits; nil means that there is no equals sign.
    func accepts(_ value: Substring?) -> Bool {
        guard let value else { return self == .none }
        switch self {
        case .none:
            return false
        case .integer(let range):
            return Self.number(value).map(range.contains) ?? false
        case .thousandths(let range):
            return Self.thousandths(value).map(range.contains) ?? false
        case .pair(let range):
            let numbers = value.split(separator: ",", omittingEmptySubsequences: false)
            return numbers.count == 2
                && numbers.allSatisfy { Self.number($0).map(range.contains) ?? false }
        case .oneOf(let words):
            return words.contains(String(value))
        case .languages(let most):
            let tags = value.split(separator: ",", omittingEmptySubsequences: false)
            return tags.count <= most && tags.allSatisfy(LanguageTag.isValid)
        case .settings(let table):
            let pairs = value.split(separator: ",", omittingEmptySubsequences: false)
            return pairs.count <= table.count && pairs.allSatisfy { Self.accepts($0, in: table) }
        }
    }

    /// What to tell a client that got the value wrong.
    var explanation: String {
        switch self {
        case .none: "takes no value"
        case .integer(let range):
            "takes a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .thousandths(let range):
            "takes a number from \(Self.decimal(range.lowerBound)) to \(Self.decimal(range.upperBound))"
        case .pair(let range):
            "takes two whole numbers from \(range.lowerBound) to \(range.upperBound) with a comma"
        case .oneOf(let words): "takes one of \(words.joined(separator: ", "))"
        case .languages: "takes language tags such as de-DE,en"
        case .settings(let table):
            "takes name=value pairs with commas; names: \(table.keys.sorted().joined(separator: ", "))"
        }
    }

    private static func accepts(_ pair: Substring, in table: [String: ValuePattern]) -> Bool {
        guard let equals = pair.firstIndex(of: "="),
            let pattern = table[String(pair[..<equals])]
        else { return false }
        return pattern.accepts(pair[pair.index(after: equals)...])
    }

    // Digits only: `Int("+5")` is 5, and Chromium's own reader may think otherwise.
    private static func number(_ text: Substring) -> Int? {
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
        return Int(text)
    }

    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap(number), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return whole * 1000 }
        guard parts[1].utf8.count <= 3, let places = number(parts[1]) else { return nil }
        let scale = [100, 10, 1][parts[1].utf8.count - 1]
        return whole * 1000 + places * scale
    }

    private static func decimal(_ thousandths: Int) -> String {
        let places = String(1000 + thousandths % 1000).dropFirst()
        return "\(thousandths / 1000).\(places)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// The shape of a language tag (BCP 47): a language of 2 or 3 letters, then subtags.
enum LanguageTag {
    /// Whether `text` has the shape; it may still name no language that exists.
    static func isValid(_ text: some StringProtocol) -> Bool {
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 35, let language = subtags.first,
            (2...3).contains(language.utf8.count), language.utf8.allSatisfy(isLetter)
        else { return false }
        return subtags.dropFirst().allSatisfy { subtag in
            (1...8).contains(subtag.utf8.count)
                && subtag.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) && byte >= 65
    }
}
