// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Files stay small enough to be read at once.
struct SizeRule: FileRule {
    /// Lines a source file may have.
    static let mostLines = 400
    /// Lines a test file may have.
    static let mostTestLines = 600

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift else { return [] }
        let most = file.folders.first == "Tests" ? Self.mostTestLines : Self.mostLines
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        guard count >= most else { return [] }
        return [
            Violation(path: file.path, message: "has \(count) lines; split it below \(most)")
        ]
    }
}

/// Every program text names its licence near its top.
struct LicenceRule: FileRule {
    /// The line that machines look for.
    static let mark = "SPDX-License-" + "Identifier: Apache-2.0"

    func violations(in file: SourceFile) -> [Violation] {
        let endings = [".swift", ".c", ".h", ".sh", ".py", "Makefile", ".ci/run"]
        guard endings.contains(where: file.path.hasSuffix), !file.text.isEmpty else { return [] }
        guard !file.lines.prefix(5).contains(where: { $0.contains(Self.mark) }) else { return [] }
        return [Violation(path: file.path, message: "begin it with a line \(Self.mark)")]
    }
}

/// Nothing is called by a word that fits everything.
struct NameRule: FileRule {
    /// Words that say nothing.
    static let empty = ["Utils", "Util", "Helpers", "Helper", "Common", "Misc", "Manager"]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, ["Sources", "Tests"].contains(file.folders.first) else { return [] }
        let stem = file.name.dropLast(".swift".count)
        let parts = file.folders + stem.split(separator: "+").map(String.init)
        return Self.empty.filter { word in parts.contains { $0.hasSuffix(word) } }.map {
            Violation(path: file.path, message: "\($0) says nothing; name it for what it does")
        }
    }
}

/// A file is named for its main type, or `Type+Concern.swift`.
struct MainTypeRule: FileRule {
    private static let declarations = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "extension", "macro",
    ]

    /// Files of several types of equal rank, named for what these have in common.
    static let groups: Set<String> = [
        "Sources/BrowserFleetCore/Pool/PoolIdentifiers.swift",
        "Sources/BrowserFleetTesting/UnimplementedPorts.swift",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.target != nil, file.isSwift else { return [] }
        guard !Self.groups.contains(file.path) else { return [] }
        let stem = file.name.dropLast(".swift".count)
        guard let type = stem.split(separator: "+").first else { return [] }
        let isDeclared = file.code.contains { line in
            Self.declarations.contains { declares(line, "\($0) ", String(type)) }
        }
        guard !isDeclared else { return [] }
        return [
            Violation(path: file.path, message: "declares no \(type); name it for its main type")
        ]
    }

    // `extension A.B` counts for B as well as for A.
    private func declares(_ line: String, _ keyword: String, _ type: String) -> Bool {
        guard let place = line.firstRange(of: keyword) else { return false }
        let name = line[place.upperBound...].prefix {
            $0.isLetter || $0.isNumber || "_.".contains($0)
        }
        return name.split(separator: ".").contains { $0 == type }
    }
}

/// Unfinished work names the issue that will finish it.
struct UnfinishedRule: FileRule {
    private static let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]

    func violations(in file: SourceFile) -> [Violation] {
        file.lines.enumerated().compactMap { index, line in
            guard let mark = Self.marks.first(where: { stands($0, in: String(line)) }) else {
                return nil
            }
            return Violation(
                path: file.path, line: index + 1,
                message: "\(mark) without an issue; write \(mark)(#12) or do it")
        }
    }

    private func stands(_ mark: String, in line: String) -> Bool {
        WordSearch.places(of: mark, in: line).contains { place in
            !line[place.upperBound...].hasPrefix("(#")
        }
    }
}
