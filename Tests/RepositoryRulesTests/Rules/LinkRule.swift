// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Every link in a document points at something that exists.
struct LinkRule: FileRule {
    /// Whether something stands at a path below the root.
    var exists: @Sendable (String) -> Bool = Repository.exists

    func violations(in file: SourceFile) -> [Violation] {
        guard file.path.hasSuffix(".md") else { return [] }
        var isInFence = false
        return file.lines.enumerated().flatMap { index, line -> [Violation] in
            if line.hasPrefix("```") { isInFence.toggle() }
            guard !isInFence else { return [] }
            return Self.targets(in: String(line)).compactMap { target in
                guard let path = path(of: target, from: file), !exists(path) else { return nil }
                return Violation(
                    path: file.path, line: index + 1, message: "nothing stands at \(target)")
            }
        }
    }

    // The path below the root; `nil` for addresses and for places in the same document.
    private func path(of target: String, from file: SourceFile) -> String? {
        guard !target.contains("://"), !target.hasPrefix("mailto:") else { return nil }
        let file = (file.folders, target.prefix { $0 != "#" })
        guard !file.1.isEmpty else { return nil }
        var parts = file.0
        for part in file.1.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            case let name: parts.append(String(name))
            }
        }
        return parts.joined(separator: "/")
    }

    /// What the links of a line of Markdown point at.
    static func targets(in line: String) -> [String] {
        line.ranges(of: "](").compactMap { place in
            let behind = line[place.upperBound...]
            guard let end = behind.firstIndex(of: ")") else { return nil }
            return behind[..<end].split(separator: " ").first.map(String.init)
        }
    }
}
