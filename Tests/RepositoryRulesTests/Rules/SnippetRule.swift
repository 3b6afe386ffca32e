// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Swift code in documents is compiled: the lines of every block stand, in their order, in a file
/// that is built. Comments and the contents of text literals may differ.
struct SnippetRule {
    /// Folders whose files CI builds and runs.
    private static let compiled: Set<String> = ["Examples", "Tests"]

    func violations(in files: [SourceFile]) -> [Violation] {
        let sources = files.filter { file in
            file.isSwift && file.folders.first.map(Self.compiled.contains) ?? false
        }
        let code = sources.map { Self.trimmed($0.code) }
        return files.filter { $0.path.hasSuffix(".md") }.flatMap { file in
            Self.blocks(of: file).compactMap { block in
                let lines = Self.trimmed(CodeScanner.code(of: block.text))
                guard !code.contains(where: { Self.holds($0, lines) }) else { return nil }
                return Violation(
                    path: file.path, line: block.line,
                    message: "this code is in no file of Examples or Tests, so nobody compiles it")
            }
        }
    }

    /// Blocks marked `swift`, with the line each begins at.
    static func blocks(of file: SourceFile) -> [(line: Int, text: String)] {
        var blocks: [(line: Int, text: String)] = []
        var isInside = false
        for (index, line) in file.lines.enumerated() {
            if line.hasPrefix("```") {
                isInside = line == "```swift"
                if isInside { blocks.append((index + 1, "")) }
            } else if isInside {
                blocks[blocks.count - 1].text += line + "\n"
            }
        }
        return blocks
    }

    private static func trimmed(_ code: [String]) -> [String] {
        code.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }

    private static func holds(_ code: [String], _ lines: [String]) -> Bool {
        var rest = lines[...]
        for line in code where line == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }
}
