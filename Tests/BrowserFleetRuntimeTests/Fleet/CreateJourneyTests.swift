// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetTesting
import Logging
import Synchronization
import Testing

@testable import BrowserFleetRuntime

@Suite("create calls travel from server to server")
struct CreateJourneyTests {
    /// Other servers that answer nothing.
    private struct SilentPeers: FleetPeers {
        func send(
            _ heartbeat: Heartbeat, _ word: OperatorWord?, to gateway: ServerEndpoint,
            patience: Duration
        ) async -> (answer: HeartbeatAnswer, word: OperatorWord?)? { nil }
        func sayGoodbye(
            of server: ServerName, _ epoch: ServerEpoch, to gateway: ServerEndpoint,
            patience: Duration
        ) async {}
        func report(
            of server: ServerEndpoint, telling known: KnownOfServer, patience: Duration,
            isFresh: Bool
        ) async -> PeerReport? { nil }
    }

    private static func driver(_ servers: Int) throws -> FleetDriver {
        var settings = FleetSettings(
            role: .gateway,
            own: OwnServer(
                name: try ServerName("gateway.example"), id: try ServerID("gateway"),
                endpoint: ServerEndpoint(scheme: .http, host: "gateway.example", port: 80)))
        // They report once; none is silent within a test, however long that waits for its turn.
        settings.limits = FleetLimits(silence: .init(timeout: .seconds(600)))
        let driver = FleetDriver(
            settings: settings, hold: EpochKeeper(persisted: nil), peers: SilentPeers(),
            report: { ServerReport(capacity: 0, startedAt: 0, version: "test") },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        var generator = SeededGenerator(seed: 1)
        for number in 1...servers {
            let name = try ServerName("server\(number).example")
            let heartbeat = Heartbeat(
                server: name, endpoint: ServerEndpoint(scheme: .http, host: name.text, port: 80),
                epoch: ServerEpoch(number: 1, process: UUIDv4(using: &generator)), sequence: 1,
                report: ServerReport(capacity: 1, startedAt: 0, version: "test"))
            #expect(driver.hear(heartbeat, from: nil) == .accepted(isDraining: false))
        }
        return driver
    }

    @Test("an attempt that fails leads to the next server, and both are told of")
    func retried() async throws {
        let driver = try Self.driver(2)
        let wish = CreateWish(owner: "ann", patience: .seconds(600))
        let end = await driver.create(wish) { attempt, _ in
            attempt.number == 1
                ? AttemptResult<String>(.unreachable) : AttemptResult(.made, attempt.server.text)
        } giveBack: { _, _ in
            Issue.record("nothing was left over")
        }
        guard case .answered(let server) = end.news else {
            Issue.record("\(end)")
            return
        }
        #expect(end.attempts.map(\.outcome) == [.unreachable, .made])
        #expect(end.attempts.last?.server.text == server)
    }

    @Test("a caller that goes away while its browser is made gives it back")
    func cancelled() async throws {
        let driver = try Self.driver(1)
        let (began, hasBegun) = AsyncStream.makeStream(of: Void.self)
        let (returned, hasReturned) = AsyncStream.makeStream(of: String.self)
        let call = Task {
            await driver.create(CreateWish(owner: "ann")) { attempt, _ in
                hasBegun.yield()
                // As a server that made it just before it heard of the cancellation.
                while !Task.isCancelled { await Task.yield() }
                return AttemptResult(.made, attempt.server.text)
            } giveBack: { _, answer in
                hasReturned.yield(answer)
            }
        }
        for await _ in began { break }
        call.cancel()
        guard case .cancelled = await call.value.news else {
            Issue.record("it was answered")
            return
        }
        for await server in returned {
            #expect(server == "server1.example")
            break
        }
    }

    @Test("a caller that was gone before it asked is no trouble")
    func goneBefore() async throws {
        let driver = try Self.driver(1)
        let attempts = Mutex(0)
        let call = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await driver.create(CreateWish(owner: "ann")) { _, _ in
                attempts.withLock { $0 += 1 }
                return AttemptResult<String>(.made, "a browser")
            } giveBack: { _, _ in
            }
        }
        guard case .cancelled = await call.value.news else {
            Issue.record("it was answered")
            return
        }
        // The server is as free as before: the next caller gets it.
        let next = await driver.create(CreateWish(owner: "bob")) { attempt, _ in
            AttemptResult<String>(.made, attempt.server.text)
        } giveBack: { _, _ in
        }
        guard case .answered = next.news else {
            Issue.record("the server was not given back")
            return
        }
    }
}
