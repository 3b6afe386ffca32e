// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The last of what a program's processes wrote.
///
/// A page can make a browser write; so no more is kept than explains a failure, and no more is
/// read than ``mostBytes`` in a browser's life: then the pipe is closed, and further writes fail.
final class OutputTail: Sendable {
    private static let mostBytes = 1 << 20

    private struct State: Sendable {
        var kept: [UInt8] = []
        var total = 0
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let pipe: OwnedDescriptor
    private let keptBytes: Int
    private let state = Mutex(State())

    /// Reads from `pipe` until its end and keeps the last `keptBytes`.
    init(reading pipe: OwnedDescriptor, keeping keptBytes: Int = 8 << 10) {
        self.pipe = pipe
        self.keptBytes = keptBytes
        watch()
    }

    /// What was kept, as text.
    var text: String { state.withLock { String(decoding: $0.kept, as: UTF8.self) } }

    /// Returns when all writers have closed: everything that will be said was said. Not later than
    /// `patience`, since a process that escaped every kill could hold the pipe.
    func finished(within patience: Duration = .seconds(2)) async {
        let impatience = Task {
            try await Task.sleep(for: patience)
            release()
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiters.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
        impatience.cancel()
    }

    private func watch() {
        SpawnThread.shared.whenReadable(pipe.borrowed) { self.take() }
    }

    private func take() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(pipe.borrowed, &chunk, chunk.count)
        guard count > 0, keep(chunk[..<count]) else { return finish() }
        watch()
    }

    private func keep(_ bytes: ArraySlice<UInt8>) -> Bool {
        state.withLock { state in
            state.kept += bytes
            state.total += bytes.count
            if state.kept.count > keptBytes {
                state.kept.removeFirst(state.kept.count - keptBytes)
            }
            return state.total < Self.mostBytes
        }
    }

    private func finish() {
        pipe.close()
        state.withLock { $0.isOver = true }
        release()
    }

    private func release() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
