// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc

/// What a short program wrote, on both of its outputs, and how it ended.
struct ProgramOutput: Sendable {
    /// At most ``mostBytes`` of it.
    var text: String
    /// How it ended.
    var status: ExitStatus

    /// More than a version or a complaint ever is.
    static let mostBytes = 65_536

    /// Runs a program without input to its end; kills it after `timeout` and then throws.
    static func of(
        _ path: String, _ arguments: [String], identity: ProcessIdentity? = nil,
        timeout: Duration
    ) async throws(LaunchError) -> ProgramOutput {
        do {
            return try await run(path, arguments, identity, timeout)
        } catch let error as SpawnError {
            throw LaunchError(
                .other, "\(path) cannot be run: \(error.step) says \(error.reason).",
                remedy: "Run fleetctl doctor.")
        } catch let error as LaunchError {
            throw error
        } catch {
            throw LaunchError(.other, "\(path) cannot be run: \(error).", remedy: "")
        }
    }

    private static func run(
        _ path: String, _ arguments: [String], _ identity: ProcessIdentity?, _ timeout: Duration
    ) async throws -> ProgramOutput {
        let output = try Pipe()
        let child = try await ChildProcess.spawn(
            SpawnRequest(
                path: path, arguments: [path] + arguments,
                environment: ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "LANG=C"],
                descriptors: [nil, output.write, output.write], identity: identity))
        output.write.close()
        let timer = Task {
            try await Task.sleep(for: timeout)
            child.kill()
        }
        defer { timer.cancel() }
        let text = await readAll(output.read)
        return ProgramOutput(text: text, status: await child.exit())
    }

    private static func readAll(_ descriptor: OwnedDescriptor) async -> String {
        var bytes: [UInt8] = []
        while bytes.count < mostBytes {
            await SpawnThread.shared.readable(descriptor.borrowed)
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(descriptor.borrowed, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
