// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
public import Logging
public import ServiceLifecycle
import Synchronization

/// Tells a gateway's driver who belongs to the fleet, as the registry in the shared store says, and
/// tells the registry who is lost: the driver of `RegistryWatch`.
///
/// It reads the registry whenever an event says that a server's record changed, and now and then
/// besides. While the store is away nothing changes.
public final class RegistryFollower: Service {
    /// A server whose heartbeats stand still.
    private struct Silent: Sendable {
        let server: ServerID
        let epoch: ServerEpoch
        /// Of its last heartbeat.
        let sequence: UInt64
    }

    private let fleet: FleetDriver
    private let registry: any SharedStore
    private let feed: EventFeed
    private let assigning: KeyAssigner
    private let watch: Mutex<RegistryWatch>
    private let looks = SharedTurn()
    /// Given up beside the looks, for a server's keys may be many. What finds no place here the
    /// next look finds again.
    private let silent: AsyncStream<Silent>
    private let pending: AsyncStream<Silent>.Continuation
    private let logger: Logger

    /// Creates a follower that does nothing yet.
    ///
    /// - Parameters:
    ///   - fleet: whom it tells.
    ///   - records: the store, and the fleet's events.
    ///   - logger: hears of servers that are given up for the fleet.
    public init(
        _ fleet: FleetDriver, _ records: FleetRecords,
        logger: Logger = Logger(label: "browserfleet.fleet")
    ) {
        self.fleet = fleet
        registry = records.store
        feed = records.feed
        assigning = KeyAssigner(fleet, records.store)
        self.logger = logger
        (silent, pending) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(64))
        watch = Mutex(
            RegistryWatch(
                own: fleet.settings.role == .gateway ? nil : fleet.settings.own.name,
                patience: fleet.settings.limits.silence.timeout,
                listed: Set(fleet.settings.servers.map(\.name))))
    }

    /// Follows the registry until the service group shuts down.
    public func run() async {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { for await each in self.silent { await self.giveUp(each) } }
                await follow()
                group.cancelAll()
            }
        }
    }

    private func follow() async {
        var reader: EventReader?
        while !Task.isCancelled {
            let rings = feed.news.rings
            // First the place in the events, then the look: what comes in between is seen twice.
            reader = reader ?? newReader()
            await refresh()
            guard reader != nil else {
                await feed.news.wait(after: rings, by: StoreDeadline(after: interval))
                continue
            }
            if await news(&reader) == .tooSlow { reader = nil }
        }
    }

    /// A reader of what comes from now on; `nil` before the store was heard.
    private func newReader() -> EventReader? {
        feed.window.map {
            EventReader(feed, after: $0.newest, filter: EventFilter(kinds: ["server."]))
        }
    }

    /// Waits for news of servers, for a time.
    private func news(_ reader: inout EventReader?) async -> EventReader.Portion? {
        do throws(StoreError) {
            return try await reader?.next(patience: pause)
        } catch {
            try? await fleet.clock.sleep(until: fleet.clock.now.advanced(by: interval))
            return nil
        }
    }

    /// Reads the registry now. Whoever changed it calls this, so that its own driver knows at once.
    public func refresh() async {
        await looks.take { [self] in
            guard let records = try? await registry.allServers(within: .seconds(2)) else { return }
            let missing = Set(fleet.rows.filter(\.isMissing).map(\.name))
            let actions = watch.withLock { watch in
                watch.read(records, missing: missing, at: fleet.clock.now)
            }
            for action in actions { act(on: action) }
        }
    }

    private var interval: Duration { max(fleet.settings.heartbeatInterval, .milliseconds(200)) }

    /// Events say what changes; behind them stands a look, more often while a server is missing,
    /// whose heartbeats in the store leave no event.
    private var pause: Duration {
        watch.withLock(\.isUneasy) || fleet.rows.contains(where: \.isMissing)
            ? interval : interval * 5
    }

    private func act(on action: RegistryWatch.Action) {
        switch action {
        case .enter(let entry, let id): fleet.enter(entry, id: id)
        case .remove(let name): fleet.remove(name)
        case .left(let name, let epoch): fleet.hearGoodbye(of: name, epoch)
        case .mark(let name, let mark): fleet.mark(name, mark)
        case .giveUp(let id, let epoch, let sequence):
            pending.yield(Silent(server: id, epoch: epoch, sequence: sequence))
        }
    }

    private func giveUp(_ silent: Silent) async {
        let stamp = CommandStamp(
            author: fleet.settings.own.id.text, unixMilliseconds: fleet.clock.unixMilliseconds)
        let command = MarkServerLost(
            server: silent.server, epoch: silent.epoch, sequence: silent.sequence, stamp: stamp)
        guard let isLost = try? await registry.run(command, within: .seconds(2)), isLost else {
            return
        }
        logger.notice("a server is lost for the fleet", metadata: ["server": "\(silent.server)"])
        await assigning.move(from: silent.server)
    }
}

extension ServerRow {
    /// Whether this gateway does not reach the server: never yet, or no more.
    fileprivate var isMissing: Bool { standing == .neverConnected || standing == .lost }
}
