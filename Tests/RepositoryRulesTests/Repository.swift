// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of this repository, read once.
struct Repository: Sendable {
    /// Every file a rule may look at, in the order of their paths.
    let files: [SourceFile]

    /// The repository these tests were built from.
    static let this = Repository(root: root)

    /// The folder that holds the manifest.
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let manifest = folder.appendingPathComponent("Package.swift").path
            if FileManager.default.fileExists(atPath: manifest) { return folder }
        }
        return folder
    }()

    init(files: [SourceFile]) {
        self.files = files
    }

    private init(root: URL) {
        let endings: Set<String> = ["swift", "c", "h", "md", "sh", "py", "yml", "yaml", "js"]
        var found: [SourceFile] = []
        for path in Self.paths(below: root) {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let ending = name.split(separator: ".").last.map(String.init) ?? ""
            guard endings.contains(ending) || ["Makefile", ".ci/run"].contains(path) else {
                continue
            }
            let url = root.appendingPathComponent(path)
            guard let data = FileManager.default.contents(atPath: url.path) else { continue }
            found.append(SourceFile(path: path, text: String(decoding: data, as: UTF8.self)))
        }
        self.files = found
    }

    // Build products, environments and version control begin with a dot; only CI's folder counts.
    private static func paths(below root: URL) -> [String] {
        let manager = FileManager.default
        let top = (try? manager.contentsOfDirectory(atPath: root.path)) ?? []
        var paths: [String] = []
        for entry in top where !entry.hasPrefix(".") || entry == ".ci" {
            let url = root.appendingPathComponent(entry)
            guard let below = manager.enumerator(atPath: url.path) else { continue }
            let inside = below.compactMap { $0 as? String }
            paths += inside.isEmpty ? [entry] : inside.map { "\(entry)/\($0)" }
        }
        return paths.filter { !isHidden($0) }.sorted()
    }

    private static func isHidden(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.dropFirst().contains { $0.hasPrefix(".") || $0 == "node_modules" }
    }

    /// Whether something stands at a path below the root.
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }
}
