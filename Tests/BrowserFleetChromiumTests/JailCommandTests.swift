// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import BrowserFleetCore
import Testing

@Suite("The jail's command line") struct JailCommandTests {
    private let mark = OwnerMark(
        installation: 0xab, server: OwnerMark.Server(pid: 12, start: 34), launcher: 1,
        slot: SlotID(index: 2, occupation: 3))

    private var command: JailCommand {
        JailCommand(
            bubblewrap: "/usr/bin/bwrap", programFolders: ["/opt/chrome"], scratchBytes: 1000,
            owner: mark, environment: [("HOME", "/home/browser"), ("TZ", "UTC")],
            command: ["/usr/bin/true", "--flag"])
    }

    @Test("every namespace is new, and nothing outlives the server")
    func namespaces() {
        let words = command.arguments
        for word in ["--unshare-all", "--die-with-parent", "--clearenv"] {
            #expect(words.contains(word))
        }
        #expect(!words.contains("--share-net"))
        #expect(!words.contains { $0.hasPrefix("--bind") || $0.hasPrefix("--dev-bind") })
    }

    @Test("of the host only programs, fonts and certificates are visible, all read-only")
    func visibleFolders() {
        let words = command.arguments
        let sources = words.indices.filter { words[$0].hasPrefix("--ro-bind") }
            .map { words[$0 + 1] }
        let shown = ["/usr", "/opt/chrome", JailCommand.fontCache] + JailCommand.configuration
        #expect(Set(sources) == Set(shown))
        for secret in ["/etc/passwd", "/etc/shadow", "/home", "/root", "/var", "/run", "/etc"] {
            #expect(!sources.contains(secret))
        }
    }

    @Test("writable places are bounded, and the root takes no more files once all is in place")
    func writablePlaces() throws {
        let words = command.arguments
        for place in words.indices.filter({ words[$0] == "--tmpfs" }) {
            #expect(words[..<place].suffix(4).contains("--size"))
        }
        let closing = try #require(words.firstIndex(of: "--remount-ro"))
        let last = try #require(words.lastIndex { ["--tmpfs", "--file", "--dir"].contains($0) })
        #expect(closing > last)
    }

    @Test("the mark is in the command line and in the environment")
    func marked() throws {
        let words = command.arguments
        let place = try #require(words.firstIndex(of: OwnerMark.variable))
        #expect(words[place - 1] == "--setenv")
        #expect(OwnerMark(words[place + 1]) == mark)
    }

    @Test("the program comes last, behind the separator")
    func program() {
        #expect(Array(command.arguments.suffix(3)) == ["--", "/usr/bin/true", "--flag"])
    }

    @Test(
        "the child's pid is read from what bubblewrap tells",
        arguments: [
            ("{\n    \"child-pid\": 20518,\n    \"net-namespace\": 1\n}\n", 20518),
            ("{\"child-pid\":7}", 7),
        ])
    func childPID(text: String, pid: Int32) {
        #expect(JailStart.childPID(in: text) == pid)
    }

    @Test("anything else is no pid", arguments: ["", "{}", "child-pid", "{\"child-pid\": x}"])
    func noChildPID(text: String) {
        #expect(JailStart.childPID(in: text) == nil)
    }
}

@Suite("The owner mark") struct OwnerMarkTests {
    @Test("a mark reads back as it was")
    func roundTrip() {
        let mark = OwnerMark(
            installation: .max, server: OwnerMark.Server(pid: 1, start: 99), launcher: 4,
            slot: SlotID(index: 7, occupation: 1000))
        #expect(OwnerMark(mark.text) == mark)
        #expect(!mark.text.contains(" "))
    }

    @Test(
        "what is not exactly a mark is none",
        arguments: [
            "", "ab/1/2/3", "ab/1/2/3/4", "ab/1/2/3/4.5.6", "zz/1/2/3/4.5", "ab/1/2/3/4.5/6",
            "ab/x/2/3/4.5", "/1/2/3/4.5",
        ])
    func malformed(text: String) {
        #expect(OwnerMark(text) == nil)
    }

    @Test("two data folders, or two users, are two installations")
    func installations() {
        let numbers = [("/a", UInt32(1)), ("/b", 1), ("/a", 2)].map {
            OwnerMark.installation(dataDirectory: $0.0, uid: $0.1)
        }
        #expect(Set(numbers).count == 3)
    }
}
