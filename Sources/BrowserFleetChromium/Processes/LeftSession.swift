// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The processes of a browser without a jail, as a later server finds them.
///
/// The owner mark of another user's process cannot be read without the right to trace it, which a
/// container's root does not have; a process's session and user anybody may read. So the session
/// is written down beside the browser's folder.
struct LeftSession: Sendable, Equatable {
    /// What the file's name ends with.
    static let fileSuffix = ".session"

    /// The process that began the session.
    let leader: KnownProcess

    /// Names the session.
    init(leader: KnownProcess) {
        self.leader = leader
    }

    /// Reads what ``write(to:)`` wrote.
    init?(file: String) {
        let words = ProcessFile.text(file)?.split(whereSeparator: \.isWhitespace) ?? []
        guard words.count == 2, let pid = pid_t(words[0]), pid > 1, let start = UInt64(words[1])
        else { return nil }
        leader = KnownProcess(pid: pid, start: start)
    }

    /// Writes it down, readable for its owner only.
    func write(to file: String) {
        let descriptor = unsafe open(
            file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = Array("\(leader.pid) \(leader.start)\n".utf8)
        _ = unsafe Glibc.write(descriptor, text, text.count)
    }

    /// Processes of the session that run as `user`; none if another session has its number now.
    func members(of user: uid_t) -> [KnownProcess] {
        if let stat = ProcessStat(pid: leader.pid), stat.start != leader.start { return [] }
        return ProcessFile.processes().compactMap { pid in
            guard let stat = ProcessStat(pid: pid), stat.isAlive, stat.session == leader.pid,
                stat.start >= leader.start, ProcessFile.user(of: pid) == user
            else { return nil }
            return KnownProcess(pid: pid, start: stat.start)
        }
    }

    /// Kills them, waits a second at most until they are gone, and answers how many there were.
    func kill(of user: uid_t) async -> Int {
        let found = members(of: user)
        for process in found { process.kill() }
        for _ in 0..<100 where !members(of: user).isEmpty {
            try? await Task.sleep(for: .milliseconds(10))
        }
        return found.count
    }
}
