// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import CBrowserFleetSpawn
import Glibc
import Synchronization

/// What to start, and as whom.
struct SpawnRequest: Sendable {
    /// Absolute path of the program.
    var path: String
    /// The whole argument vector, `argv[0]` included.
    var arguments: [String]
    /// The whole environment as `NAME=value`.
    var environment: [String]
    /// What the child gets as descriptors 0, 1, 2 …; nil is `/dev/null`.
    var descriptors: [OwnedDescriptor?]
    /// Whom the child becomes; nil keeps the server's user.
    var identity: ProcessIdentity?
    /// The most files it may have open.
    var openFiles: UInt64 = 65_536
    /// How much rather the kernel takes it than the server when memory is out, 0 to 1000.
    var badness: Int32 = 300
    /// How much later than the server it gets the processor, as a nice value. More than 2 and the
    /// server preempts a browser at each message it writes to it.
    var niceness: Int32 = 2
}

/// A user and a group by number.
public struct ProcessIdentity: Sendable, Hashable {
    /// The user's number.
    public var uid: UInt32
    /// The group's number.
    public var gid: UInt32

    /// Creates an identity.
    public init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}

/// How a process ended.
enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)
    case unknown

    init(waitStatus: CInt) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .code((waitStatus >> 8) & 0xff) : .signal(signal)
    }

    var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let number): "signal \(number)"
        case .unknown: "an unknown status"
        }
    }
}

/// A child of this process: started on the spawn thread, reaped by its own descriptor. What is
/// left of its process group when it ends is killed.
///
/// Nothing here ever waits for "any child": a program that embeds us has children of its own.
final class ChildProcess: Sendable {
    private struct State: Sendable {
        var status: ExitStatus?
        var waiters: [CheckedContinuation<ExitStatus, Never>] = []
    }

    /// The process's number in our PID namespace.
    let pid: pid_t
    private let descriptor: OwnedDescriptor
    private let state = Mutex(State())

    private init(pid: pid_t, descriptor: CInt) {
        self.pid = pid
        self.descriptor = OwnedDescriptor(descriptor)
    }

    /// Starts a program; its descriptors in the parent stay the caller's.
    static func spawn(_ request: SpawnRequest) async throws(SpawnError) -> ChildProcess {
        try await SpawnThread.shared.perform { spawnHere(request) }.get()
    }

    private static func spawnHere(_ request: SpawnRequest) -> Result<ChildProcess, SpawnError> {
        var failure = bfs_failure()
        var pidfd: CInt = -1
        let pid = unsafe CStringArray(request.arguments).withPointer { arguments in
            unsafe CStringArray(request.environment).withPointer { environment in
                unsafe start(request, arguments, environment, &pidfd, &failure)
            }
        }
        guard pid > 0 else { return .failure(SpawnError(failure)) }
        let child = ChildProcess(pid: pid, descriptor: pidfd)
        OrphanReaper.note(session: pid)
        SpawnThread.shared.whenReadable(pidfd) { child.reap() }
        return .success(child)
    }

    private static func start(
        _ request: SpawnRequest, _ arguments: CStringArray.Pointer,
        _ environment: CStringArray.Pointer, _ pidfd: inout CInt, _ failure: inout bfs_failure
    ) -> pid_t {
        let sources = request.descriptors.map { $0?.borrowed ?? -1 }
        return unsafe request.path.withCString { path in
            unsafe sources.withUnsafeBufferPointer { sources in
                var raw = unsafe bfs_request()
                unsafe raw.path = path
                unsafe raw.argv = arguments
                unsafe raw.envp = environment
                unsafe raw.descriptor_sources = sources.baseAddress
                unsafe raw.descriptor_count = sources.count
                unsafe raw.drops_identity = request.identity == nil ? 0 : 1
                unsafe raw.uid = request.identity?.uid ?? 0
                unsafe raw.gid = request.identity?.gid ?? 0
                unsafe raw.open_files = request.openFiles
                unsafe raw.oom_score_adjustment = request.badness
                unsafe raw.niceness = request.niceness
                return unsafe bfs_spawn(&raw, &pidfd, &failure)
            }
        }
    }

    /// The status, once the process has ended and was reaped.
    var status: ExitStatus? { state.withLock { $0.status } }

    /// Returns when the process has ended and was reaped.
    @discardableResult
    func exit() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> ExitStatus? in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Sends SIGKILL. A process that has ended is left alone; no other can be hit.
    func kill() {
        _ = bfs_pidfd_signal(descriptor.borrowed, SIGKILL)
    }

    /// Returns when the process has ended by itself, and kills it after `patience`.
    func leave(within patience: Duration = .seconds(2)) async {
        let impatience = Task {
            try await Task.sleep(for: patience)
            kill()
        }
        await exit()
        impatience.cancel()
    }

    private func reap() {
        // First: the dead process still holds its number, which is its group's too.
        bfs_kill_group(descriptor.borrowed, pid)
        var raw: CInt = 0
        let outcome = unsafe bfs_reap(descriptor.borrowed, &raw)
        // ECHILD: a host program ignores SIGCHLD, so the kernel reaped it; it has ended all the same.
        let status = outcome == 1 ? ExitStatus(waitStatus: raw) : .unknown
        descriptor.close()
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}

extension SpawnError {
    init(_ failure: bfs_failure) {
        self.init(
            step: unsafe String(cString: bfs_step_name(failure.step)), error: failure.error)
    }
}
