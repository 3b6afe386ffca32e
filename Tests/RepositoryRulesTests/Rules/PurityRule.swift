// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What the pure targets never do: wait, roll dice, read clocks, depend on the order of hashes.
///
/// None of these needs an import, so they are banned by name.
struct PurityRule: FileRule {
    /// The targets that decide and do nothing else.
    static let pureTargets: Set<String> = [
        "BrowserFleetCore", "BrowserFleetSimulator", "BrowserFleetAPI", "BrowserFleetCDP",
    ]

    private struct Ban: Sendable {
        var word: String
        var instead: String
    }

    private static let words: [Ban] = [
        Ban(word: "async", instead: "a machine that answers at once"),
        Ban(word: "await", instead: "an action for the driver"),
        Ban(word: "Task", instead: "an action for the driver"),
        Ban(word: "actor", instead: "a value"),
        Ban(word: "Mutex", instead: "a value; the driver has the lock"),
        Ban(word: "SystemRandomNumberGenerator", instead: "a generator that is passed in"),
        Ban(word: "ContinuousClock", instead: "a FleetInstant that is passed in"),
        Ban(word: "SuspendingClock", instead: "a FleetInstant that is passed in"),
        Ban(word: "hashValue", instead: "an order of its own"),
    ]

    private static let calls: [Ban] = [
        Ban(word: "Date", instead: "a Timestamp that is passed in"),
        Ban(word: "UUID", instead: "UUIDv4(using:)"),
        Ban(word: "print", instead: "an answer"),
        Ban(word: "shuffled", instead: "shuffled(using:)"),
        Ban(word: "shuffle", instead: "shuffle(using:)"),
        Ban(word: "randomElement", instead: "randomElement(using:)"),
        Ban(word: "random", instead: "random(in:using:)"),
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard let target = file.target, Self.pureTargets.contains(target) else { return [] }
        return file.code.enumerated().flatMap { index, line in
            Self.offences(in: line, and: file.code.dropFirst(index + 1)).map { ban in
                Violation(
                    path: file.path, line: index + 1,
                    message: "pure code does not use \(ban.word); use \(ban.instead)")
            }
        }
    }

    private static func offences(in line: String, and next: ArraySlice<String>) -> [Ban] {
        let found = words.filter { !WordSearch.places(of: $0.word, in: line).isEmpty }
        return found
            + calls.filter { ban in
                WordSearch.places(of: ban.word, in: line).contains { place in
                    let behind = line[place.upperBound...]
                    guard behind.first == "(" else { return false }
                    // Arguments may go on in the next lines.
                    let text = behind + next.prefix(4).joined(separator: " ")
                    return !arguments(of: text).contains("using:")
                }
            }
    }

    private static func arguments(of text: some StringProtocol) -> String {
        var depth = 0
        var arguments = ""
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            arguments.append(character)
            if depth == 0 { break }
        }
        return arguments
    }
}

/// Finds whole words in code.
enum WordSearch {
    /// Where a word stands with no letter, digit or underscore beside it.
    static func places(of word: String, in line: String) -> [Range<String.Index>] {
        line.ranges(of: word).filter { range in
            let before = line[..<range.lowerBound].last
            let behind = line[range.upperBound...].first
            return !isPart(before) && !isPart(behind)
        }
    }

    private static func isPart(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
}
