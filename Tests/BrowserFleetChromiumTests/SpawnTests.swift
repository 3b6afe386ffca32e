// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import CBrowserFleetSpawn
import Glibc
import Testing

@Suite("Starting processes") struct SpawnTests {
    private func shell(
        _ script: String, environment: [String] = ["PATH=/usr/bin:/bin"],
        descriptors: [OwnedDescriptor?] = [nil, nil, nil]
    ) async throws(SpawnError) -> ChildProcess {
        try await ChildProcess.spawn(
            SpawnRequest(
                path: "/bin/sh", arguments: ["sh", "-c", script], environment: environment,
                descriptors: descriptors))
    }

    private func output(
        of script: String, environment: [String] = ["PATH=/usr/bin:/bin"]
    ) async throws -> String {
        let pipe = try Pipe()
        let child = try await shell(
            script, environment: environment, descriptors: [nil, pipe.write, nil])
        pipe.write.close()
        let tail = OutputTail(reading: pipe.read)
        await tail.finished()
        await child.exit()
        return tail.text
    }

    @Test("the exit code and the signal are told apart")
    func status() async throws {
        #expect(try await shell("exit 7").exit() == .code(7))
        #expect(try await shell("kill -9 $$").exit() == .signal(9))
    }

    @Test("a program that is not there is told by name of the call, and leaves nothing")
    func missing() async {
        let error = await #expect(throws: SpawnError.self) {
            try await ChildProcess.spawn(
                SpawnRequest(
                    path: "/nonexistent", arguments: ["x"], environment: [], descriptors: [nil]))
        }
        #expect(error == SpawnError(step: "execve", error: ENOENT))
    }

    @Test("nothing is inherited: neither environment, descriptors nor blocked signals")
    func inheritsNothing() async throws {
        #expect(try await output(of: "env", environment: ["ONLY=this"]).contains("ONLY=this"))
        #expect(try await !output(of: "env", environment: []).contains("HOME="))
        // 0, 1 and 2, and the one that ls opens.
        #expect(try await output(of: "ls /proc/self/fd").split(separator: "\n").count == 4)
        let status = try await output(of: "grep SigBlk /proc/self/status")
        #expect(status.contains("0000000000000000"))
    }

    @Test("descriptors arrive at their numbers, whatever they were before")
    func descriptors() async throws {
        let first = try Pipe(holding: "first")
        let second = try Pipe(holding: "second")
        let answer = try Pipe()
        let child = try await shell(
            "cat <&4 >&5; cat <&3 >&5",
            descriptors: [nil, nil, nil, second.read, first.read, answer.write])
        answer.write.close()
        let tail = OutputTail(reading: answer.read)
        await tail.finished()
        await child.exit()
        #expect(tail.text == "firstsecond")
    }

    @Test("children of others are left to their parents")
    func otherChildren() async throws {
        // A child of ours that the library did not start: it must still be there to be reaped.
        var other: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("true"), nil]
        defer { unsafe free(words[0]) }
        #expect(unsafe posix_spawn(&other, "/bin/true", nil, nil, words, nil) == 0)
        for _ in 0..<5 { try await shell("exit 0").exit() }
        var status: CInt = 0
        #expect(unsafe waitpid(other, &status, 0) == other)
    }

    @Test("what a program leaves behind ends with it")
    func group() async throws {
        let child = try await shell("sleep 1000 & exit 0")
        let session = LeftSession(leader: KnownProcess(pid: child.pid, start: 0))
        #expect(await child.exit() == .code(0))
        // It was sent the signal before the exit was told; it dies on its own time.
        for _ in 0..<100 where !session.members(of: getuid()).isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(session.members(of: getuid()).isEmpty)
    }

    @Test("the number of a child that was reaped is nobody's: no other group is killed by it")
    func reusedNumber() async throws {
        let gone = try await shell("sleep 1000")
        let descriptor = OwnedDescriptor(bfs_pidfd_open(gone.pid))
        gone.kill()
        await gone.exit()
        // What the kernel does when it gives the number to the leader of a new group.
        let other = try await shell("sleep 1000")
        bfs_kill_group(descriptor.borrowed, other.pid)
        #expect(Glibc.kill(other.pid, SIGTERM) == 0)
        #expect(await other.exit() == .signal(SIGTERM))
    }

    @Test("a program's output is whole although something of it holds the pipe")
    func heldPipe() async throws {
        let output = try await ProgramOutput.of(
            "/bin/sh", ["-c", "sleep 1000 & echo Chromium 156.0.1; exit 3"], timeout: .seconds(30))
        #expect(output.text == "Chromium 156.0.1\n")
        #expect(output.status == .code(3))
    }

    @Test(
        "a program that does not end is ended, even if its output never closes",
        arguments: ["sleep 1000", "setsid sleep 7 & sleep 1000"])
    func silentProgram(script: String) async throws {
        let output = try await ProgramOutput.of(
            "/bin/sh", ["-c", script], timeout: .milliseconds(200))
        #expect(output.status == .signal(SIGKILL))
    }

    @Test("a program stands behind the server: later for the processor, earlier for the reaper")
    func priority() async throws {
        let own = getpriority(0, 0)
        #expect(try await output(of: "nice") == "\(own + 2)\n")
        let badness = try #require(
            ProcessFile.text("/proc/self/oom_score_adj").flatMap { text in
                Int(text.filter { !$0.isWhitespace })
            })
        #expect(
            try await output(of: "cat /proc/self/oom_score_adj")
                == "\(min(1000, max(0, badness) + 300))\n")
    }

    @Test("a process in a session of its own can be killed by its handle")
    func kill() async throws {
        let child = try await shell("exec sleep 1000")
        #expect(getsid(child.pid) == child.pid)
        child.kill()
        #expect(await child.exit() == .signal(9))
        #expect(ProcessHandle(pid: child.pid) == nil)
    }

    @Test("no more of the complaints is kept than explains a failure")
    func complaints() async throws {
        let text = try await output(of: "head -c 200000 /dev/zero | tr '\\0' x; echo end")
        #expect(text.utf8.count <= 8192)
        #expect(text.hasSuffix("end\n"))
    }

    @Test("a child that writes without end is cut off")
    func endless() async throws {
        let pipe = try Pipe()
        let child = try await shell("exec yes", descriptors: [nil, pipe.write, nil])
        pipe.write.close()
        await OutputTail(reading: pipe.read).finished()
        #expect(await child.exit() == .signal(SIGPIPE))
    }
}
