// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import CBrowserFleetSpawn
import Glibc

/// Starts a browser without a jail (`ISOLATION=container`): the container is the boundary.
///
/// The DevTools pipe and the relay stay, and Chromium's sandbox as far as it starts there. The
/// relay's socket is on the container's loopback, so only one tenant may use the container.
struct ContainerStart {
    /// The browser's folder.
    var folder: BrowserFolder
    /// Whose browser this is.
    var owner: OwnerMark
    /// Whom the browser runs as; nil keeps the server's user.
    var identity: ProcessIdentity?
    /// Told of the process as soon as there is one.
    var stopper: LaunchStopper

    /// Starts `command`, made for the relay's port, and returns when it is about to begin.
    func run(
        environment: [(name: String, value: String)], command: (_ relayPort: UInt16) -> [String]
    ) async throws(LaunchError) -> BrowserProcess {
        do {
            try folder.make(for: identity)
            return try await start(environment, command)
        } catch {
            await folder.remove()
            if let error = error as? LaunchError { throw error }
            if let error = error as? SpawnError { throw LaunchFailure.error(error) }
            throw LaunchError(.other, "\(error)", remedy: "Run fleetctl doctor.")
        }
    }

    private func start(
        _ environment: [(name: String, value: String)], _ command: (UInt16) -> [String]
    ) async throws -> BrowserProcess {
        var port: UInt16 = 0
        var failure = bfs_failure()
        let socket = unsafe bfs_listen_here(&port, &failure)
        guard socket >= 0 else { throw SpawnError(failure) }
        let listener = OwnedDescriptor(socket)
        let commands = try Pipe()
        let answers = try Pipe()
        let complaints = try Pipe()
        let words = command(port)
        let child = try await ChildProcess.spawn(
            SpawnRequest(
                path: words[0], arguments: words,
                environment: environment.map { "\($0.name)=\($0.value)" }
                    + ["\(OwnerMark.variable)=\(owner.text)"],
                descriptors: [
                    nil, complaints.write, complaints.write, commands.read, answers.write,
                ], identity: identity))
        stopper.adopt(child)
        for descriptor in [complaints.write, commands.read, answers.write] { descriptor.close() }
        guard let root = ProcessHandle(pid: child.pid) else {
            child.kill()
            await child.exit()
            throw SpawnError(step: "pidfd_open", error: ESRCH)
        }
        folder.note(session: child.pid)
        return BrowserProcess(
            child: child, root: root, owner: owner, commands: commands.write,
            answers: answers.read, listener: listener,
            complaints: OutputTail(reading: complaints.read), folder: folder)
    }
}
