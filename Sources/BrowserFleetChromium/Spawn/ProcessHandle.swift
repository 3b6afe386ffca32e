// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import CBrowserFleetSpawn
import Glibc

/// A running process, held so that its number cannot come to mean another one.
final class ProcessHandle: Sendable {
    /// The process's number in our PID namespace.
    let pid: pid_t
    private let descriptor: OwnedDescriptor

    /// Nil if there is no such process.
    init?(pid: pid_t) {
        let descriptor = bfs_pidfd_open(pid)
        guard descriptor >= 0 else { return nil }
        self.pid = pid
        self.descriptor = OwnedDescriptor(descriptor)
    }

    /// Sends SIGKILL to this process and no other.
    func kill() {
        _ = bfs_pidfd_signal(descriptor.borrowed, SIGKILL)
    }

    /// Reaps it, if it is a child of ours that has ended.
    func reap() {
        var status: CInt = 0
        _ = unsafe bfs_reap(descriptor.borrowed, &status)
    }

    /// Gives the descriptor back; after that the handle means nobody.
    func release() {
        descriptor.close()
    }

    /// Returns when the process has ended. Not for children of ours: those are reaped elsewhere.
    func exit() async {
        // The watch reads the descriptor's end, so `self` must outlive it.
        await SpawnThread.shared.readable(descriptor.borrowed)
        withExtendedLifetime(self) {}
    }

    /// A socket that listens on the loopback of this process's network namespace.
    func listen(port: UInt16, identity: ProcessIdentity?) async throws(SpawnError)
        -> OwnedDescriptor
    {
        try await SpawnThread.shared.perform { [self] in
            var failure = bfs_failure()
            let socket = unsafe bfs_listen_in_namespace(
                descriptor.borrowed, port, identity == nil ? 0 : 1, identity?.uid ?? 0,
                identity?.gid ?? 0, &failure)
            return socket >= 0
                ? Result<_, SpawnError>.success(OwnedDescriptor(socket))
                : .failure(SpawnError(failure))
        }.get()
    }
}
