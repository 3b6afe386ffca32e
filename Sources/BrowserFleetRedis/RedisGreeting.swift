// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import Logging

/// The first words on a connection: who we are, and whether this Redis may be a store.
struct RedisGreeting {
    let address: RedisAddress
    /// Where warnings go; `nil` to leave them out.
    let logger: Logger?

    func exchange(on connection: RedisConnection, by deadline: StoreDeadline) async throws {
        for words in entry {
            let reply = try await connection.send([words], by: deadline).first
            if case .failure(let text) = reply { throw StoreError(redis: text) }
        }
        let replies = try await connection.send(
            [["INFO", "memory"], ["INFO", "persistence"]], by: deadline)
        try judge(replies.compactMap(\.text).joined(separator: "\r\n"))
    }

    private var entry: [[String]] {
        var entry: [[String]] = []
        if let password = address.password {
            entry.append(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
        }
        if address.database > 0 { entry.append(["SELECT", "\(address.database)"]) }
        return entry + [["PING"]]
    }

    // Some hosted ones show less of themselves; what is not said is not held against them.
    private func judge(_ information: String) throws(StoreError) {
        let facts = Dictionary(
            information.split(whereSeparator: \.isNewline).compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }, uniquingKeysWith: { $1 })
        if let policy = facts["maxmemory_policy"], policy != "noeviction" {
            throw StoreError(
                .unusable,
                "Redis at \(address) has maxmemory-policy \(policy) and would drop the fleet's "
                    + "records when it is full; set maxmemory-policy noeviction")
        }
        if facts["loading"] == "1" {
            throw StoreError(.unavailable, "Redis at \(address) is loading its data")
        }
        if facts["aof_enabled"] == "0" {
            logger?.warning(
                """
                Redis at \(address) runs without an append-only file: if it crashes, what came \
                after its last snapshot is lost; set appendonly yes
                """)
        }
    }
}

extension StoreError {
    /// What Redis refused, which begins with a word.
    init(redis text: String) {
        let word = text.prefix { $0 != " " }
        let passing = [
            "LOADING", "BUSY", "MASTERDOWN", "READONLY", "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS",
        ]
        self.init(
            passing.contains(String(word)) ? .unavailable : .unusable, "Redis refused: \(text)")
    }
}
