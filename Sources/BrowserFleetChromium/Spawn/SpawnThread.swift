// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import CBrowserFleetSpawn
import Glibc
import Synchronization

/// The one thread that starts every browser and hears of every browser's end.
///
/// It lives as long as the process: a parent-death signal fires when the *thread* that forked
/// ends, so a browser forked on a pool's thread dies with that thread. It sleeps in `poll` and
/// wakes only for a job, or when a watched descriptor becomes readable.
final class SpawnThread: Sendable {
    /// The process's thread, started on first use.
    static let shared = SpawnThread()

    private struct Watch: Sendable {
        let descriptor: CInt
        let handler: @Sendable () -> Void
    }

    private struct State: Sendable {
        var jobs: [@Sendable () -> Void] = []
        var watches: [Watch] = []
        /// A byte is in the alarm, or its reader is about to look at the lists.
        var isAlarmed = false
    }

    private let state = Mutex(State())
    private let alarm: Pipe

    private init() {
        guard let alarm = try? Pipe() else {
            preconditionFailure("no descriptor is left for the spawning thread")
        }
        self.alarm = alarm
        start()
    }

    /// Runs `body` on the thread. Keep it short: launches and deaths of others wait meanwhile.
    func perform<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            enlist { $0.jobs.append { continuation.resume(returning: body()) } }
        }
    }

    /// Calls `handler` on the thread, once, when `descriptor` can be read or has reached its end.
    ///
    /// The descriptor must stay open until then; whoever wants to give up makes it end.
    func whenReadable(_ descriptor: CInt, _ handler: @escaping @Sendable () -> Void) {
        enlist { $0.watches.append(Watch(descriptor: descriptor, handler: handler)) }
    }

    /// Returns once `descriptor` can be read or has reached its end.
    func readable(_ descriptor: CInt) async {
        await withCheckedContinuation { continuation in
            whenReadable(descriptor) { continuation.resume() }
        }
    }

    private func enlist(_ change: (inout State) -> Void) {
        let mustWake = state.withLock { state in
            change(&state)
            defer { state.isAlarmed = true }
            return !state.isAlarmed
        }
        // At most one byte is ever in the pipe, so this never waits.
        if mustWake { _ = unsafe write(alarm.write.borrowed, [1], 1) }
    }

    private func start() {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<SpawnThread>.fromOpaque(context).takeUnretainedValue().run()
            }, context)
        precondition(failure == 0, "the spawning thread cannot be started")
        _ = pthread_detach(thread)
    }

    private func run() -> Never {
        blockSignals()
        unsafe bfs_name_thread("fleet-spawn")
        while true {
            sleepUntilSomethingHappens()
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            for job in jobs { job() }
        }
    }

    // The process's own signal handlers belong on other threads.
    private func blockSignals() {
        var all = sigset_t()
        _ = unsafe sigfillset(&all)
        _ = unsafe pthread_sigmask(SIG_SETMASK, &all, nil)
    }

    private func sleepUntilSomethingHappens() {
        let watches = state.withLock { $0.watches }
        var entries = [pollfd(fd: alarm.read.borrowed, events: Int16(POLLIN), revents: 0)]
        entries += watches.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&entries, nfds_t(entries.count), -1) > 0 else { return }
        if entries[0].revents != 0 {
            var byte: UInt8 = 0
            _ = unsafe read(alarm.read.borrowed, &byte, 1)
            state.withLock { $0.isAlarmed = false }
        }
        let ready = Set(entries.dropFirst().filter { $0.revents != 0 }.map(\.fd))
        guard !ready.isEmpty else { return }
        let due = state.withLock { state in
            let due = state.watches.filter { ready.contains($0.descriptor) }
            state.watches.removeAll { ready.contains($0.descriptor) }
            return due
        }
        for watch in due { watch.handler() }
    }
}
