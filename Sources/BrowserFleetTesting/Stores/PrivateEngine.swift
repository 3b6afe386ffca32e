// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

package import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A Redis or PostgreSQL of a test's own, on 127.0.0.1, from `Scripts/engine.sh`. It is stopped,
/// and its folder removed, with the last reference to it, or else with the process.
package final class PrivateEngine: Sendable {
    /// Which engine.
    package enum Kind: String, Sendable {
        case redis, postgres
    }

    private let kind: Kind
    private let settings: [String]
    private let running = Mutex<Process?>(nil)

    /// Where everything of it lies.
    package let folder: URL
    /// Where it listens.
    package let port: Int
    /// Where Redis listens for TLS; PostgreSQL does that on its one port.
    package let tlsPort: Int

    /// Starts an engine and waits until it listens. The settings are further words of the command
    /// line of Redis.
    package init(_ kind: Kind, settings: [String] = []) async throws {
        self.kind = kind
        self.settings = settings
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("fleet-\(kind.rawValue)-\(UUID().uuidString)")
        port = try await Self.freePort()
        tlsPort = try await Self.freePort()
        try await start()
    }

    deinit {
        crash()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts it again, with the data it had.
    package func start() async throws {
        let process = Process()
        process.executableURL = Self.script
        process.arguments = [kind.rawValue, folder.path, "\(port)"]
        if kind == .redis { process.arguments? += ["\(tlsPort)"] + settings }
        try process.run()
        running.withLock { $0 = process }
        try await awaitListening(process)
    }

    /// Ends it as a crash would: Redis by SIGKILL, PostgreSQL by SIGQUIT, since what SIGKILL would
    /// leave of its processes keeps it from starting again.
    package func crash() {
        stop(by: kind == .redis ? SIGKILL : SIGQUIT)
    }

    /// Freezes it, or lets it go on.
    package func freeze(_ isFrozen: Bool) {
        guard kind == .redis, let process = running.withLock({ $0 }) else { return }
        kill(process.processIdentifier, isFrozen ? SIGSTOP : SIGCONT)
    }

    /// Returns once `condition` holds, which an engine brings about and nobody is told of.
    package static func awaitUntil(_ condition: () -> Bool) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(20))
        while !condition() {
            guard ContinuousClock.now < end else {
                throw Failure(description: "what was awaited did not come about in 20 s")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func stop(by signal: Int32) {
        let process = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    private func awaitListening(_ process: Process) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(60))
        while ContinuousClock.now < end, process.isRunning {
            let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            if let channel {
                try await channel.close()
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure(description: "\(kind.rawValue) did not start; see \(folder.path)")
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let script: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { place.deleteLastPathComponent() }
        return place.appendingPathComponent("Scripts/engine.sh")
    }()

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}
