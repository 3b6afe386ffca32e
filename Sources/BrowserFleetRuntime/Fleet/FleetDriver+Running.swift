// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
public import ServiceLifecycle
import Synchronization

extension FleetDriver: Service {
    /// At most so often a report goes out, however much happens.
    private static let leastPause = Duration.milliseconds(50)

    /// Reports, asks and places until the service group shuts down, then says good-bye to the
    /// gateways.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.beat() }
            if settings.role == .both { group.addTask { await self.reportHere() } }
            if settings.role != .gateway {
                for gateway in settings.gateways {
                    group.addTask { await self.report(to: gateway) }
                }
            }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil else { return }
                self.stopCreates()
                await self.sayGoodbye()
                self.finish()
            }
            for await effect in effects {
                // In their order; everything else takes its time.
                if case .news(let news) = effect {
                    tell(news)
                } else {
                    group.addTask { await self.work(off: effect) }
                }
            }
            group.cancelAll()
        }
    }

    private func work(off effect: Effect) async {
        switch effect {
        case .probe(let probe):
            let answer = await ask(
                probe.server, at: probe.endpoint, knowing: probe.newest, patience: probe.patience,
                isFresh: probe.kind == .suspicion)
            feed(.fleet(.probed(probe, answer)))
        case .sleep(let deadline):
            guard (try? await clock.sleep(until: deadline)) != nil else { return }
            woke(deadline)
        case .news: break
        }
    }

    private func tell(_ news: FleetNews) {
        for listener in withState(\.listeners) { listener(news) }
        guard case .changed(let name, let old, let new, let reason) = news else { return }
        logger.notice(
            "server \(new.rawValue)",
            metadata: [
                "server": "\(name)", "from": "\(old.rawValue)", "because": "\(reason.rawValue)",
            ])
    }

    // MARK: Reports

    private func beat() async {
        while await pause(settings.heartbeatInterval) { pulse.beat() }
    }

    private func reportHere() async {
        for await _ in pulse.beats() {
            hearOwn()
            guard await pause(Self.leastPause) else { return }
        }
    }

    private func report(to gateway: ServerEndpoint) async {
        var silence = Silence(gateway: gateway, logger: logger)
        for await _ in pulse.beats() {
            if let heartbeat = nextHeartbeat() {
                let heard = await peers.send(
                    heartbeat, word(of: settings.own.name), to: gateway, patience: patience)
                silence.heard(heard != nil)
                take(heard?.word, of: settings.own.name)
                take(heard?.answer, from: gateway)
            }
            guard await pause(Self.leastPause) else { return }
        }
    }

    /// What one report may take.
    private var patience: Duration {
        min(max(settings.heartbeatInterval, .seconds(1)), .seconds(5))
    }

    private func take(_ answer: HeartbeatAnswer?, from gateway: ServerEndpoint) {
        switch answer {
        case nil, .accepted: break
        case .stale(let newest):
            guard hold.refused(newest: newest) else { return }
            logger.warning(
                "a process with a higher number had this server's name; took one above it",
                metadata: ["gateway": "\(gateway)", "number": "\(newest)"])
            pulse.beat()
        case .tooMany:
            logger.error("the gateway watches no more servers", metadata: ["gateway": "\(gateway)"])
        }
    }

    private func sayGoodbye() async {
        guard settings.role != .gateway, let epoch = hold.epoch else { return }
        await withDiscardingTaskGroup { group in
            for gateway in settings.gateways {
                group.addTask {
                    await self.peers.sayGoodbye(
                        of: self.settings.own.name, epoch, to: gateway,
                        patience: .seconds(1))
                }
            }
        }
    }

    /// Sleeps; false when the driver ends meanwhile.
    private func pause(_ duration: Duration) async -> Bool {
        (try? await clock.sleep(until: clock.now.advanced(by: duration))) != nil
    }
}

/// Says once that a gateway does not answer, and once that it does again.
private struct Silence {
    let gateway: ServerEndpoint
    let logger: Logger
    var isSilent = false

    mutating func heard(_ isHeard: Bool) {
        guard isHeard == isSilent else { return }
        isSilent = !isHeard
        let metadata: Logger.Metadata = ["gateway": "\(gateway)"]
        if isSilent {
            logger.warning("a gateway does not take reports", metadata: metadata)
        } else {
            logger.notice("a gateway takes reports again", metadata: metadata)
        }
    }
}
