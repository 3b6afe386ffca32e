// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc

/// Starts a jail: bubblewrap makes the namespaces and waits; a socket is made in its network; then
/// it goes on and starts the browser.
struct JailStart {
    /// The port on the jail's loopback that the relay accepts from.
    static let relayPort: UInt16 = 3128

    /// What to start.
    var command: JailCommand
    /// Whom the jail's processes run as outside; nil keeps the server's user.
    var identity: ProcessIdentity?
    /// Told of the process as soon as there is one.
    var stopper: LaunchStopper

    private struct Channels {
        let commands: Pipe
        let answers: Pipe
        let complaints: Pipe
        let info: Pipe
        let block: Pipe
        let users: Pipe
        let groups: Pipe

        init(identity: ProcessIdentity) throws(SpawnError) {
            commands = try Pipe()
            answers = try Pipe()
            complaints = try Pipe()
            info = try Pipe()
            block = try Pipe()
            users = try Pipe(
                holding: JailCommand.users(uid: identity.uid, gid: identity.gid))
            groups = try Pipe(holding: JailCommand.groups(gid: identity.gid))
        }

        /// In the order of `JailCommand.Descriptor`.
        var inside: [OwnedDescriptor?] {
            [
                nil, complaints.write, complaints.write, commands.read, answers.write, info.write,
                block.read, users.read, groups.read,
            ]
        }
    }

    /// Starts the jail and returns when the browser in it is about to begin.
    func run() async throws(LaunchError) -> BrowserProcess {
        do {
            return try await start()
        } catch let error as SpawnError {
            throw LaunchFailure.error(error)
        } catch let error as LaunchError {
            throw error
        } catch {
            throw LaunchError(.other, "\(error)", remedy: "Run fleetctl doctor.")
        }
    }

    private func start() async throws -> BrowserProcess {
        let user = identity ?? ProcessIdentity(uid: getuid(), gid: getgid())
        let channels = try Channels(identity: user)
        let child = try await ChildProcess.spawn(
            SpawnRequest(
                path: command.bubblewrap, arguments: command.arguments,
                environment: ["PATH=/usr/bin:/bin"], descriptors: channels.inside,
                identity: identity))
        stopper.adopt(child)
        for descriptor in channels.inside { descriptor?.close() }
        let complaints = OutputTail(reading: channels.complaints.read)
        var jailed: ProcessHandle?
        do {
            let root = try await firstProcess(channels.info.read)
            jailed = root
            stopper.adopt(root: root)
            let listener = try await root.listen(port: Self.relayPort, identity: identity)
            try await letGo(channels.block.write)
            return BrowserProcess(
                child: child, root: root, owner: command.owner, commands: channels.commands.write,
                answers: channels.answers.read, listener: listener, complaints: complaints,
                folder: nil)
        } catch {
            await BrowserProcess.end(child, root: jailed)
            guard error is JailEnded else { throw error }
            await complaints.finished()
            throw LaunchFailure.error(.ended(child.status ?? .unknown), tail: complaints.text)
        }
    }

    /// bubblewrap or its child ended while the jail was being made.
    private struct JailEnded: Error {}

    /// Lets the held child go on. Written on the thread that blocks every signal: a jail that died
    /// meanwhile must cost a launch, not the whole process by SIGPIPE.
    private func letGo(_ block: OwnedDescriptor) async throws {
        let isSent = await SpawnThread.shared.perform { unsafe write(block.borrowed, [1], 1) == 1 }
        guard isSent else { throw JailEnded() }
    }

    /// The jail's first process, as bubblewrap tells it: `{"child-pid": 123, …}`.
    private func firstProcess(_ info: OwnedDescriptor) async throws -> ProcessHandle {
        var text = ""
        while !text.contains("}") {
            await SpawnThread.shared.readable(info.borrowed)
            var chunk = [UInt8](repeating: 0, count: 1024)
            let count = unsafe read(info.borrowed, &chunk, chunk.count)
            guard count > 0 else { break }
            text += String(decoding: chunk[..<count], as: UTF8.self)
        }
        guard let pid = Self.childPID(in: text), let handle = ProcessHandle(pid: pid) else {
            throw JailEnded()
        }
        return handle
    }

    /// The number behind `"child-pid":`.
    static func childPID(in text: String) -> pid_t? {
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }
        guard let name = words.firstIndex(of: "child-pid"), name + 1 < words.endIndex else {
            return nil
        }
        return pid_t(words[name + 1])
    }
}
