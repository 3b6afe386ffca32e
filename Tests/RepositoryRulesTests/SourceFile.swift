// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One file, as text and as code.
struct SourceFile: Sendable {
    /// From the root of the repository.
    let path: String
    /// Everything in it.
    let text: String
    /// Its lines without comments and without the contents of text literals; for Swift only.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        self.code = path.hasSuffix(".swift") ? CodeScanner.code(of: text) : []
    }

    /// The name without folders.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The parts of the path.
    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }

    /// The target whose folder it lies in; `nil` outside of `Sources`.
    var target: String? {
        folders.count >= 2 && folders[0] == "Sources" ? folders[1] : nil
    }

    /// Whether it is Swift.
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The lines as they stand.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// A rule that a file breaks.
struct Violation: Equatable, Sendable, CustomStringConvertible {
    /// Where.
    var path: String
    /// Counted from one; `nil` for the file as a whole.
    var line: Int?
    /// What is wrong and what to do instead.
    var message: String

    /// As compilers write it.
    var description: String {
        "\(path)\(line.map { ":\($0)" } ?? ""): \(message)"
    }
}

/// Something every file is looked at for.
protocol FileRule: Sendable {
    /// What is wrong with a file; none for files the rule is not about.
    func violations(in file: SourceFile) -> [Violation]
}

extension FileRule {
    /// What is wrong with all files.
    func violations(in repository: Repository) -> [Violation] {
        repository.files.flatMap { violations(in: $0) }
    }
}
