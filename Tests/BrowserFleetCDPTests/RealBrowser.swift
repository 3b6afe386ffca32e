// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A real Chromium on a DevTools pipe, for the tests of what we assume about it.
///
/// `CHROMIUM_PATH` names the program, else `chromium-headless-shell` is taken from the path. There
/// is no jail here, and no sandbox when the tests run as root; nothing is loaded from outside.
final class RealBrowser {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process: pid_t
    private let input: CInt
    private let output: CInt
    private let profile: URL
    private var received: [UInt8] = []

    init() throws {
        let profile = FileManager.default.temporaryDirectory
            .appendingPathComponent("BrowserFleetCDPTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        self.profile = profile
        let commands = try Self.pipe()
        let answers = try Self.pipe()
        input = commands.write
        output = answers.read
        process = try Self.spawn(profile: profile, read: commands.read, write: answers.write)
        close(commands.read)
        close(answers.write)
    }

    deinit {
        // Chromium leaves when its pipe closes; the kill is for one that cannot.
        close(input)
        close(output)
        kill(process, SIGKILL)
        var status: CInt = 0
        unsafe _ = waitpid(process, &status, 0)
        // Its children write for a moment longer.
        for _ in 0..<20 {
            try? FileManager.default.removeItem(at: profile)
            usleep(50_000)
            if !FileManager.default.fileExists(atPath: profile.path) { return }
        }
    }

    /// Sends one message.
    func send(_ message: [UInt8]) throws {
        var rest = (message + [0])[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(input, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw Failure(description: "the browser's pipe is closed") }
            rest = rest.dropFirst(count)
        }
    }

    /// The next message, or nil if none comes within `milliseconds`.
    func next(within milliseconds: CInt) throws -> [UInt8]? {
        while true {
            if let end = received.firstIndex(of: 0) {
                let message = Array(received[..<end])
                received.removeSubrange(...end)
                return message
            }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, milliseconds) > 0 else { return nil }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe read(output, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw Failure(description: "the browser closed its pipe") }
            received.append(contentsOf: chunk[..<count])
        }
    }

    /// Both ends of a pipe, at numbers the child's own 3 and 4 cannot collide with.
    private static func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [0, 0]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 20) }
        for end in ends { close(end) }
        return (moved[0], moved[1])
    }

    private static func spawn(profile: URL, read: CInt, write: CInt) throws -> pid_t {
        let program =
            ProcessInfo.processInfo.environment["CHROMIUM_PATH"] ?? "chromium-headless-shell"
        var arguments = [
            program, "--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
            "--user-data-dir=\(profile.path)", "about:blank",
        ]
        if geteuid() == 0 { arguments.insert("--no-sandbox", at: 1) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, read, 3)
        unsafe posix_spawn_file_actions_adddup2(&actions, write, 4)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe vector.forEach { unsafe free($0) } }
        var child: pid_t = 0
        let error = unsafe posix_spawnp(&child, program, &actions, nil, vector, environ)
        guard error == 0 else {
            throw Failure(description: "\(program) does not start (error \(error)); install it")
        }
        return child
    }
}
