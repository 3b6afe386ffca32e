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
    let complaints: ComplaintTail
    /// The profile's folder outside a jail; nil when it is in the jail's memory.
    let folder: BrowserFolder?

    /// Whether the processes have a PID namespace of their own.
    var isJailed: Bool { folder == nil }

    /// Kills all processes, waits until they are gone, then removes the files.
    ///
    /// With the first process of a PID namespace the kernel kills all others in it, stopped ones
    /// too. Without a jail the tree is walked, then searched for by the owner mark.
    func destroy() async {
        if isJailed {
            root.kill()
            // The kernel reports its end when it has ended everything else in the namespace.
            await root.exit()
        } else {
            await killTree()
        }
        await leave()
        await complaints.finished()
        root.release()
        commands.close()
        answers.close()
        listener.close()
        await folder?.remove()
    }

    /// Waits for our child. bubblewrap leaves by itself once it has reaped what it started; killed
    /// before, it would leave a zombie to whoever is process 1, and in a container that may be us.
    private func leave() async {
        let impatience = Task {
            try await Task.sleep(for: .seconds(2))
            child.kill()
        }
        await child.exit()
        impatience.cancel()
    }

    private func killTree() async {
        let tree = ProcessTree(root: root.pid).processes.compactMap(ProcessHandle.init)
        for process in tree { process.kill() }
        await child.exit()
        for _ in 0..<100 {
            let left = MarkedProcess.all().filter { $0.mark == owner }
            if left.isEmpty { return }
            for process in left { process.kill() }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
