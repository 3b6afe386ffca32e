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

    /// Runs a program without input to its end, or kills it after `timeout`. What it started and
    /// left behind ends with it.
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
        let tail = OutputTail(reading: output.read, keeping: mostBytes)
        await child.leave(within: timeout)
        // Whoever else could still write has just been killed, unless it left the group.
        await tail.finished(within: .seconds(1))
        return ProgramOutput(text: tail.text, status: child.status ?? .unknown)
    }
}
