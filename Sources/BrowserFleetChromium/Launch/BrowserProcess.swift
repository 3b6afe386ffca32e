// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Glibc

/// The processes of one browser, the files they have outside a jail, and the descriptors that
/// lead to them.
struct BrowserProcess: Sendable {
    /// What we started: bubblewrap, or without a jail the browser itself.
    let child: ChildProcess
    /// The first process of the jail's PID namespace; the child itself without a jail.
    let root: ProcessHandle
    /// Whose they are.
    let owner: OwnerMark
    /// The write end of what Chromium reads.
    let commands: OwnedDescriptor
    /// The read end of what Chromium writes.
    let answers: OwnedDescriptor
    /// The socket that the relay accepts from.
    let listener: OwnedDescriptor
    /// What the processes say on their error output.
    let complaints: OutputTail
    /// The profile's folder outside a jail; nil when it is in the jail's memory.
    let folder: BrowserFolder?

    /// Whether the processes have a PID namespace of their own.
    var isJailed: Bool { folder == nil }

    /// Kills all processes, waits until they are gone, then removes the files.
    func destroy() async {
        if isJailed {
            await Self.end(child, root: root)
        } else {
            await endWithoutJail()
        }
        await complaints.finished()
        root.release()
        commands.close()
        answers.close()
        listener.close()
        await folder?.remove()
        OrphanReaper.reap()
    }

    /// Ends a jail, however far it came, and returns when nothing of it is left.
    ///
    /// With the first process of a PID namespace the kernel kills all others in it, stopped ones
    /// too, and only then reports its end. bubblewrap is not killed but left to reap that process
    /// and to leave: killed before, it would leave a zombie to whoever is process 1.
    ///
    /// - Parameters:
    ///   - child: bubblewrap.
    ///   - root: the first process of the jail; nil if bubblewrap never told of one.
    static func end(_ child: ChildProcess, root: ProcessHandle?) async {
        if let root {
            root.kill()
            await root.exit()
        }
        await child.leave()
    }

    /// The browser's group goes with the browser; what left the group is found by the owner mark.
    private func endWithoutJail() async {
        child.kill()
        await child.exit()
        _ = await folder?.endSession()
        for _ in 0..<100 {
            let left = MarkedProcess.all().filter { $0.mark == owner }
            if left.isEmpty { return }
            for found in left { found.process.kill() }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
