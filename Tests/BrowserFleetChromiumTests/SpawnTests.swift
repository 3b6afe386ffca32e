// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
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
        let tail = ComplaintTail(reading: pipe.read)
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
        let tail = ComplaintTail(reading: answer.read)
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
        await ComplaintTail(reading: pipe.read).finished()
        #expect(await child.exit() == .signal(SIGPIPE))
    }
}
