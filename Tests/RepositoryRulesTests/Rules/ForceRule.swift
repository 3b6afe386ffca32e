// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// No force unwrap, `try!`, `as!`, and no promise to the compiler that it cannot check, outside a
/// list with reasons.
struct ForceRule: FileRule {
    /// Promises that are kept, each with the reason: path, word, why it holds.
    static let promises: [(path: String, word: String, reason: String)] = [
        (
            "Sources/BrowserFleetDevTools/BridgeCore.swift", "@unchecked Sendable",
            "every member is used on the home event loop only, which the host asserts"
        ),
        (
            "Sources/BrowserFleetHTTP/WebSocket/DevToolsEndpoint.swift", "@unchecked Sendable",
            "everything is used on the socket's event loop only"
        ),
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift else { return [] }
        return file.code.enumerated().flatMap { index, line in
            Self.offences(in: line, of: file.path).map {
                Violation(path: file.path, line: index + 1, message: $0)
            }
        }
    }

    private static func offences(in line: String, of path: String) -> [String] {
        var messages: [String] = []
        if line.contains("try!") { messages.append("no try!; handle the error") }
        if line.contains("as!") { messages.append("no as!; use as? and say what to do") }
        if isForced(line) { messages.append("no force unwrap; use guard, ?? or #require") }
        for word in ["@unchecked Sendable", "nonisolated(unsafe)"] where line.contains(word) {
            let isListed = promises.contains { $0.path == path && $0.word == word }
            if !isListed { messages.append("\(word) needs an entry with a reason in ForceRule") }
        }
        return messages
    }

    // An exclamation mark right behind a name or a bracket; `!=` and `!` in front are others.
    private static func isForced(_ line: String) -> Bool {
        let characters = Array(line)
        return characters.indices.contains { index in
            guard characters[index] == "!", index > 0 else { return false }
            let before = characters[index - 1]
            guard before.isLetter || before.isNumber || "_)]\"".contains(before) else {
                return false
            }
            guard !endsKeyword(characters[..<index]) else { return false }
            return index + 1 >= characters.count || characters[index + 1] != "="
        }
    }

    private static func endsKeyword(_ text: ArraySlice<Character>) -> Bool {
        ["try", "as"].contains { text.count >= $0.count && text.suffix($0.count) == ArraySlice($0) }
    }
}
