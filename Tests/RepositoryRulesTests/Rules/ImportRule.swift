// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Who may import what. A target that is not in the table may import nothing of ours.
struct ImportRule: FileRule {
    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl",
        "Synchronization",
    ]

    private static let nio: Set<String> = [
        "NIOConcurrencyHelpers", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS",
        "NIOWebSocket",
    ]

    private static let http: Set<String> = [
        "Crypto", "HTTPTypes", "Hummingbird", "HummingbirdCore", "JWTKit", "NIOHTTPTypes",
        "NIOHTTPTypesHTTP1",
    ]

    private static let operations: Set<String> = [
        "Logging", "Metrics", "ServiceLifecycle", "Tracing",
    ]

    /// Modules by target; `nil` stands for the composition, which sees everything.
    static let allowed: [String: Set<String>?] = [
        "BrowserFleetCore": [],
        "BrowserFleetSimulator": ["BrowserFleetCore"],
        "BrowserFleetAPI": ["BrowserFleetCore"],
        "BrowserFleetCDP": ["BrowserFleetCore"],
        "BrowserFleetRuntime": system.union(operations).union(["BrowserFleetCore"]),
        "BrowserFleetDevTools": system.union(nio).union([
            "BrowserFleetCore", "BrowserFleetCDP", "BrowserFleetRuntime", "Logging",
        ]),
        "BrowserFleetEgress": system.union(nio).union(["BrowserFleetCore", "Logging", "Metrics"]),
        "BrowserFleetChromium": system.union(nio).union(operations).union([
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetCDP", "BrowserFleetDevTools",
            "BrowserFleetEgress", "CBrowserFleetSpawn",
        ]),
        "BrowserFleetHTTP": system.union(nio).union(operations).union(http).union([
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetAPI", "BrowserFleetCDP",
            "BrowserFleetDevTools",
        ]),
        "BrowserFleetSQLite": system.union(["BrowserFleetCore", "BrowserFleetRuntime", "GRDB"]),
        "BrowserFleetRedis": system.union(nio).union([
            "BrowserFleetCore", "BrowserFleetRuntime", "CHiredis", "Logging",
        ]),
        "BrowserFleetPostgres": system.union([
            "BrowserFleetCore", "BrowserFleetRuntime", "CLibPQ", "Logging",
        ]),
        "BrowserFleetGateway": system.union(nio).union(operations).union([
            "AsyncHTTPClient", "BrowserFleetCore", "BrowserFleetRuntime", "Crypto",
        ]),
        "BrowserFleetClient": system.union([
            "BrowserFleetCore", "BrowserFleetAPI", "FoundationNetworking", "Tracing",
        ]),
        "BrowserFleetTesting": system.union(nio).union([
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetCDP", "BrowserFleetDevTools",
        ]),
        "fleetctl": nil,
        // A server put together as fleetctl does it, for a benchmark.
        "FakeNode": nil,
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard let target = file.target, file.isSwift else { return [] }
        guard let modules = Self.allowed[target] else {
            return [
                Violation(
                    path: file.path,
                    message: "\(target) is not in the table of imports; enter it in ImportRule")
            ]
        }
        guard let modules else { return [] }
        return file.code.enumerated().compactMap { index, line in
            guard let module = Self.module(importedBy: line), !modules.contains(module) else {
                return nil
            }
            return Violation(
                path: file.path, line: index + 1,
                message: "\(target) may not import \(module)")
        }
    }

    /// The module of an import line; `nil` if the line is none.
    static func module(importedBy line: String) -> String? {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
            words[..<place].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") })
        else { return nil }
        let kinds: Set<String> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        let next = kinds.contains(words[place + 1]) ? place + 2 : place + 1
        guard next < words.count else { return nil }
        return words[next].split(separator: ".").first.map(String.init)
    }

    private static let modifiers: Set<String> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
}
