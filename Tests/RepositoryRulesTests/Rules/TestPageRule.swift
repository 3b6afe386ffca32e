// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The page that says which test proves which promise names only tests that exist.
struct TestPageRule {
    /// The page.
    static let page = "Docs/Testing.md"
    /// Every file of the repository.
    let files: [SourceFile]

    /// Names on the page, in backticks, of files or suites that do not exist.
    func missing(from page: SourceFile) -> [String] {
        let named = page.lines.flatMap { line in
            line.matches(of: /`([A-Za-z0-9_+.\/]+)`/).map { String($0.output.1) }
        }
        return named.filter { isOfATest($0) && !exists($0) }
    }

    private func isOfATest(_ name: String) -> Bool {
        name.hasSuffix("Tests") || [".py", ".swift", ".sh"].contains { name.hasSuffix($0) }
    }

    private func exists(_ name: String) -> Bool {
        if !name.hasSuffix("Tests") {
            return files.contains { $0.path == name || $0.path.hasSuffix("/" + name) }
        }
        return files.contains { file in
            file.path.hasPrefix("Tests/\(name)/") || file.code.contains { declares($0, name) }
        }
    }

    private func declares(_ line: String, _ name: String) -> Bool {
        line.contains("struct \(name)") || line.contains("class \(name)")
    }
}
