// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Takes comments and the contents of text literals out of Swift, line by line, so that a rule
/// about code is not broken by prose.
struct CodeScanner {
    private var rest: Substring
    private var output = ""

    /// The code of a file, one text a line.
    static func code(of text: String) -> [String] {
        var scanner = CodeScanner(rest: text[...])
        scanner.scanCode(until: nil)
        return scanner.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    // Stops behind the bracket that closes an interpolation, or at the end of the text.
    private mutating func scanCode(until closing: Character?) {
        var depth = 0
        while let character = rest.first {
            if rest.hasPrefix("//") {
                skipLineComment()
            } else if rest.hasPrefix("/*") {
                skipBlockComment()
            } else if character == "\"" || startsRawLiteral {
                scanLiteral()
            } else {
                rest.removeFirst()
                if character == "(" { depth += 1 }
                if character == ")", closing == ")" {
                    if depth == 0 { return }
                    depth -= 1
                }
                output.append(character)
            }
        }
    }

    private var startsRawLiteral: Bool {
        guard rest.first == "#" else { return false }
        return rest.drop { $0 == "#" }.first == "\""
    }

    private mutating func skipLineComment() {
        rest = rest.drop { $0 != "\n" }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("*/") {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                keepNewline()
            }
        } while depth > 0 && !rest.isEmpty
    }

    private mutating func scanLiteral() {
        let marks = String(rest.prefix { $0 == "#" })
        rest = rest.dropFirst(marks.count)
        let quotes = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quotes.count)
        output += "\""
        while !rest.isEmpty {
            if rest.hasPrefix(quotes + marks) {
                rest = rest.dropFirst(quotes.count + marks.count)
                break
            }
            if rest.hasPrefix("\\\(marks)(") {
                rest = rest.dropFirst(2 + marks.count)
                output += " "
                scanCode(until: ")")
                output += " "
            } else if rest.hasPrefix("\\\(marks)") {
                rest = rest.dropFirst(1 + marks.count)
                keepNewline()
            } else {
                keepNewline()
            }
        }
        output += "\""
    }

    private mutating func keepNewline() {
        if rest.popFirst() == "\n" { output.append("\n") }
    }
}
