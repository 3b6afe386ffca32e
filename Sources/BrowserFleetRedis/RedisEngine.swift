// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetRuntime
public import Logging
public import NIOSSL

/// Keeps a store in Redis, for any number of servers.
///
/// One primary, with replicas or without; not Redis Cluster, since a change touches several keys.
/// How durable it is, is how Redis is set up: `appendonly yes` with `appendfsync always` loses
/// nothing, with `everysec` up to a second.
public final class RedisEngine: StoreEngine {
    /// Rings with every event of every server, while ``run()`` does.
    public let news = NewsBell()

    private let link: RedisLink
    private let watch: RedisLink
    private let prefix: String

    /// Creates the engine; Redis is dialled at the first call.
    ///
    /// - Parameters:
    ///   - address: where Redis is.
    ///   - prefix: in front of every key (`REDIS_KEY_PREFIX`).
    ///   - trust: certificates that sign Redis's own; `nil` for the machine's.
    ///   - logger: is told what may be lost in a crash, as Redis is set up.
    public init(
        _ address: RedisAddress, prefix: String = "fleet:", trust: [NIOSSLCertificate]? = nil,
        logger: Logger
    ) {
        self.prefix = prefix
        link = RedisLink(address, trust: trust, silence: .seconds(3), logger: logger)
        // The other link says all there is to say.
        watch = RedisLink(address, trust: trust, silence: .seconds(15), logger: nil)
    }

    /// What stands under each key.
    public func read(
        _ keys: [EngineKey], by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord?] {
        let words = keys.flatMap { [$0.kind, $0.name] }
        let reply = try await ask([script(RedisScripts.read, words)], by: deadline)
        let parts = reply[0].members
        guard parts.count == keys.count * 3 else { throw Self.strange }
        return keys.indices.map { index in
            Self.record(keys[index], parts[(index * 3)..<(index * 3 + 3)])
        }
    }

    /// Records of a kind in order.
    public func list(
        _ listing: EngineListing, by deadline: StoreDeadline
    ) async throws(StoreError) -> [EngineRecord] {
        let words = [listing.kind, listing.group ?? "", listing.last, "\(listing.limit)"]
        let parts = try await ask([script(RedisScripts.list, words)], by: deadline)[0].members
        return stride(from: 0, to: parts.count - 3, by: 4).compactMap { index in
            let key = EngineKey(kind: listing.kind, name: parts[index].text ?? "")
            return Self.record(key, parts[(index + 1)..<(index + 4)])
        }
    }

    /// Does all of `change`, or nothing.
    public func commit(
        _ change: EngineChange, by deadline: StoreDeadline
    ) async throws(StoreError) -> Bool {
        let connection = try await link.connection(by: deadline)
        let command = script(RedisScripts.commit, Self.words(of: change))
        let replies: [RedisReply]
        do {
            replies = try await connection.send([command], by: deadline)
        } catch {
            throw StoreError(
                .outcomeUnknown, "the connection to Redis ended during a change")
        }
        return try Self.checked(replies, on: connection)[0] == .integer(1)
    }

    /// Entries of a log.
    public func page(
        of log: EngineLog, _ range: EngineLogRange, limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) -> EngineLogPage {
        let stream = prefix + log.rawValue
        switch range {
        case .after(LogPosition(major: .max, minor: .max)):
            return EngineLogPage(items: [], isPositionKnown: false)
        case .after(let position):
            // In this order: a trim in between makes a gap that is none, not the other way round.
            let replies = try await ask(
                [
                    ["XRANGE", stream, "(\(position)", "+", "COUNT", "\(limit)"],
                    ["XRANGE", stream, "\(position)", "\(position)"],
                ], by: deadline)
            return EngineLogPage(
                items: Self.items(replies[0]), isPositionKnown: !replies[1].members.isEmpty)
        case .before(let position):
            let bound = position.map { "(\($0)" } ?? "+"
            let replies = try await ask(
                [["XREVRANGE", stream, bound, "-", "COUNT", "\(limit)"]], by: deadline)
            return EngineLogPage(items: Self.items(replies[0]), isPositionKnown: true)
        }
    }

    /// Removes the oldest entries of a log.
    public func trim(
        _ log: EngineLog, keeping limit: Int, by deadline: StoreDeadline
    ) async throws(StoreError) {
        _ = try await ask([["XTRIM", prefix + log.rawValue, "MAXLEN", "\(limit)"]], by: deadline)
    }

    /// Watches the events until the task is cancelled, then closes the connections.
    public func run() async {
        while !Task.isCancelled {
            do {
                try await watchEvents()
            } catch {
                news.ring()
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        await link.close()
        await watch.close()
    }

    // A connection of its own, since it waits inside of Redis.
    private func watchEvents() async throws {
        let stream = prefix + EngineLog.events.rawValue
        let connection = try await watch.connection(by: StoreDeadline(after: .seconds(5)))
        try await withTaskCancellationHandler {
            while !Task.isCancelled {
                let newest = try await connection.send(
                    [["XREVRANGE", stream, "+", "-", "COUNT", "1"]],
                    by: StoreDeadline(after: .seconds(5)))
                news.ring()
                let position = Self.items(newest[0]).first?.position ?? .origin
                _ = try await connection.send(
                    [["XREAD", "COUNT", "1", "BLOCK", "10000", "STREAMS", stream, "\(position)"]],
                    by: StoreDeadline(after: .seconds(15)))
            }
        } onCancel: {
            connection.close()
        }
    }

    // Asks what changes nothing, again after a lost connection, until the deadline.
    private func ask(
        _ commands: [[String]], by deadline: StoreDeadline
    ) async throws(StoreError) -> [RedisReply] {
        while true {
            let connection = try await link.connection(by: deadline)
            let replies = try? await connection.send(commands, by: deadline)
            if let replies { return try Self.checked(replies, on: connection) }
        }
    }

    private func script(_ text: String, _ words: [String]) -> [String] {
        ["EVAL", text, "0", prefix] + words
    }
}

extension RedisEngine {
    private static let strange = StoreError(.unreadable, "Redis answered something unexpected")

    // A refusal that passes with a failover asks for another connection.
    private static func checked(
        _ replies: [RedisReply], on connection: RedisConnection
    ) throws(StoreError) -> [RedisReply] {
        for case .failure(let text) in replies {
            let error = StoreError(redis: text)
            if error.code == .unavailable { connection.close() }
            throw error
        }
        return replies
    }

    private static func words(of change: EngineChange) -> [String] {
        var words = ["\(change.checks.count)"]
        for check in change.checks {
            words += [check.key.kind, check.key.name, check.record.map { "\($0.version)" } ?? ""]
        }
        words.append("\(change.writes.count)")
        for write in change.writes {
            let record = write.record
            words += [
                write.key.kind, write.key.name, record.map { "\($0.version)" } ?? "",
                record?.group ?? "", record?.body ?? "",
            ]
        }
        words += ["\(change.events.count)"] + change.events
        words += ["\(change.audit.count)"] + change.audit
        return words
    }

    private static func record(
        _ key: EngineKey, _ parts: ArraySlice<RedisReply>
    ) -> EngineRecord? {
        let texts = parts.compactMap(\.text)
        guard texts.count == 3, let version = Int64(texts[0]) else { return nil }
        return EngineRecord(key: key, version: version, group: texts[1], body: texts[2])
    }

    private static func items(_ reply: RedisReply) -> [EngineLogPage.Item] {
        reply.members.compactMap { entry in
            guard let position = entry.members.first?.text.flatMap({ LogPosition($0) }),
                let body = entry.members.last?.members.last?.text
            else { return nil }
            return EngineLogPage.Item(position: position, body: body)
        }
    }
}
