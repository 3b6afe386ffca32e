// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetSQLite
import BrowserFleetTesting
import Foundation
import Testing

@Suite("The store in a SQLite file")
struct SQLiteEngineTests {
    /// 10,000 in `make soak`.
    private static let operations =
        ProcessInfo.processInfo.environment["FLEET_SOAK"] == "1" ? 10_000 : 1500

    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("fleet-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }

    @Test("answers as the model does")
    func contract() async throws {
        try await Self.withFolder { folder in
            let seed = UInt64.random(in: 0...99_999)
            let store = FleetStore(try SQLiteEngine(path: "\(folder)/fleet.db"))
            var contract = StoreContract(store, seed: seed)
            let differences = await contract.run(operations: Self.operations)
            print("contract: seed \(seed), \(contract.operations) operations")
            #expect(differences == [], "seed \(seed)")
        }
    }

    @Test("of those who want one key at once, as many win as there are moves")
    func race() async throws {
        try await Self.withFolder { folder in
            let stores = [FleetStore(try SQLiteEngine(path: "\(folder)/fleet.db"))]
            var race = StoreRace()
            try await race.run(on: stores, runners: 8, rounds: 10)
            #expect(race.wins > 0)
            #expect(try await race.contradictions(in: stores[0]) == [])
        }
    }

    @Test("what was answered is there after a crash: a copy of the files at any moment opens whole")
    func crash() async throws {
        try await Self.withFolder { folder in
            let store = FleetStore(try SQLiteEngine(path: "\(folder)/fleet.db"))
            for round in 1...20 {
                try await store.publish(
                    [FleetEvent(.serverLost, subject: "\(round)", unixMilliseconds: 1)])
                for file in ["fleet.db", "fleet.db-wal"] {
                    let copy = "\(folder)/\(file.replacing("fleet", with: "copy\(round)"))"
                    try FileManager.default.copyItem(atPath: "\(folder)/\(file)", toPath: copy)
                }
                let copy = FleetStore(try SQLiteEngine(path: "\(folder)/copy\(round).db"))
                let page = try await copy.events(after: .origin, limit: 100)
                #expect(page.items.map(\.entry.subject) == (1...round).map(String.init))
            }
        }
    }

    @Test("a second process is told that the file is taken")
    func second() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/fleet.db"
            let first = try SQLiteEngine(path: path)
            #expect {
                try SQLiteEngine(path: path)
            } throws: { error in
                (error as? StoreError)?.message.contains("another process has the store") == true
            }
            _ = first
        }
    }

    @Test("a file that is no store is refused with a reason")
    func garbage() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/fleet.db"
            try Data(repeating: 7, count: 5000).write(to: URL(fileURLWithPath: path))
            #expect {
                try SQLiteEngine(path: path)
            } throws: { error in
                (error as? StoreError)?.code == .unusable
            }
        }
    }

    @Test("what is written is on the disk when the call returns")
    func durability() async throws {
        try await Self.withFolder { folder in
            let path = "\(folder)/fleet.db"
            let engine = try SQLiteEngine(path: path)
            #expect(try await engine.settings() == ["wal", "2"])
        }
    }
}
