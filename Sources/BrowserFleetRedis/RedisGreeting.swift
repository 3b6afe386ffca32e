// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime

/// The first words on a connection: who we are, and whether this Redis may be a store.
struct RedisGreeting {
    let address: RedisAddress

    /// Enters, and answers what an operator should hear of how this Redis is set up.
    func exchange(
        on connection: RedisConnection, by deadline: StoreDeadline
    ) async throws -> [String] {
        for words in entry {
            let reply = try await connection.send([words], by: deadline).first
            if case .failure(let text) = reply { throw StoreError(redis: text) }
        }
        let replies = try await connection.send(
            [["INFO", "memory"], ["INFO", "persistence"], ["CONFIG", "GET", "appendfsync"]],
            by: deadline)
        let facts = Self.facts(in: replies.prefix(2).compactMap(\.text).joined(separator: "\r\n"))
        try judge(facts)
        return doubts(facts, appendSync: replies.last?.members.last?.text)
    }

    private var entry: [[String]] {
        var entry: [[String]] = []
        if let password = address.password {
            entry.append(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
        }
        if address.database > 0 { entry.append(["SELECT", "\(address.database)"]) }
        return entry + [["PING"]]
    }

    private static func facts(in information: String) -> [String: String] {
        Dictionary(
            information.split(whereSeparator: \.isNewline).compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }, uniquingKeysWith: { $1 })
    }

    // Some hosted ones show less of themselves; what is not said is not held against them.
    private func judge(_ facts: [String: String]) throws(StoreError) {
        if let policy = facts["maxmemory_policy"], policy != "noeviction" {
            throw StoreError(
                .unusable,
                "Redis at \(address) has maxmemory-policy \(policy) and would drop the fleet's "
                    + "records when it is full; set maxmemory-policy noeviction")
        }
        if facts["loading"] == "1" {
            throw StoreError(.unavailable, "Redis at \(address) is loading its data")
        }
    }

    private func doubts(_ facts: [String: String], appendSync: String?) -> [String] {
        if facts["aof_enabled"] == "0" {
            return [
                "Redis at \(address) runs without an append-only file: a crash loses what came after "
                    + "its last snapshot; set appendonly yes and appendfsync always"
            ]
        }
        if appendSync == "everysec" || appendSync == "no" {
            let loss = appendSync == "no" ? "half a minute" : "a second"
            return [
                "Redis at \(address) has appendfsync \(appendSync ?? ""): a crash of its machine loses "
                    + "up to \(loss) of what the fleet wrote; appendfsync always loses nothing"
            ]
        }
        return []
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
