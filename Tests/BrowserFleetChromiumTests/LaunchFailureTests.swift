// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import BrowserFleetRuntime
import Testing

@Suite("What a failed start is told as") struct LaunchFailureTests {
    @Test(
        "known last words name the cause",
        arguments: [
            (
                "bwrap: No permissions to create new namespace, likely because the kernel does "
                    + "not allow non-privileged user namespaces.",
                LaunchError.Code.isolationUnavailable
            ),
            ("bwrap: setting up uid map: Permission denied", .isolationUnavailable),
            (
                "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
                .isolationUnavailable
            ),
            ("[1:1:FATAL:zygote_host_impl_linux.cc(126)] No usable sandbox!", .sandboxFailed),
            ("Failed to move to new namespace: PID namespaces supported", .sandboxFailed),
            ("chromium: error while loading shared libraries: libnss3.so", .engineMissing),
            ("bwrap: execvp /opt/x/chrome: No such file or directory", .engineMissing),
            ("bwrap: Can't create file at /etc/passwd: No space left on device", .diskFull),
        ])
    func known(tail: String, code: LaunchError.Code) {
        let error = LaunchFailure.error(.ended(.code(1)), tail: "noise\n\(tail)\nnoise")
        #expect(error.code == code)
        #expect(!error.remedy.isEmpty)
    }

    @Test("other last words are quoted, without the message bus's")
    func unknown() {
        let error = LaunchFailure.error(
            .ended(.signal(11)), tail: "something odd\n[ERROR:dbus/bus.cc:405] Failed\n")
        #expect(error.code == .exitedEarly)
        #expect(error.message.contains("signal 11"))
        #expect(error.message.contains("something odd"))
        #expect(!error.message.contains("dbus"))
    }

    @Test("silence is a time-out")
    func silence() {
        #expect(LaunchFailure.error(.silent(after: .seconds(2)), tail: "").code == .timedOut)
    }

    @Test("an error of the system call that starts says which")
    func systemCalls() {
        #expect(
            LaunchFailure.error(SpawnError(step: "setns", error: 1)).code == .isolationUnavailable)
        #expect(LaunchFailure.error(SpawnError(step: "fork", error: 11)).message.contains("fork"))
    }

    @Test("advice names the shipped file or the setting that applies")
    func advice() {
        typealias Surroundings = NamespaceAdvice.Surroundings
        let table: [(Surroundings, String)] = [
            (Surroundings(isContainer: true, isPod: true), "Deploy/pod.yaml"),
            (Surroundings(isFiltered: true, isContainer: true), "Deploy/seccomp.json"),
            (Surroundings(isAppArmorStrict: true), "Deploy/apparmor-browserfleet"),
            (Surroundings(isCloneForbidden: true), "unprivileged_userns_clone=1"),
            (Surroundings(isCountZero: true), "max_user_namespaces"),
        ]
        for (found, word) in table {
            #expect(NamespaceAdvice.advice(for: found).contains(word))
        }
    }
}

@Suite("The engine's version") struct EngineVersionTests {
    @Test(
        "the line that --version prints is read",
        arguments: [
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12\n", "Chromium 156.0.8078.79"),
            ("warning: x\nGoogle Chrome 130.0.1.2 \n", "Google Chrome 130.0.1.2"),
        ])
    func read(output: String, description: String) {
        #expect(EngineVersion(output: output)?.description == description)
    }

    @Test("other output is no version", arguments: ["", "hello", "1.2.3.4", "Chromium x.y.z"])
    func noVersion(output: String) {
        #expect(EngineVersion(output: output) == nil)
    }

    @Test("an old engine is refused with a remedy")
    func old() throws {
        let version = try #require(EngineVersion(output: "Chromium 90.0.4430.212"))
        let error = #expect(throws: LaunchError.self) { try version.check() }
        #expect(error?.code == .engineTooOld)
        #expect(error?.remedy.contains("apt-get") == true)
    }
}
