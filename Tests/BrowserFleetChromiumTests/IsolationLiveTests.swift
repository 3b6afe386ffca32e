// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
@testable import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import Glibc
import Testing

extension LiveSuites {
    @Suite("How far a real browser is shut in", .serialized) struct IsolationLiveTests {
        private func status(_ pid: pid_t, _ field: String) -> Substring? {
            ProcessFile.text("/proc/\(pid)/status")?.split(separator: "\n")
                .first { $0.hasPrefix("\(field):") }?.dropFirst(field.count + 1)
        }

        private func kind(_ pid: pid_t) -> Substring? {
            // Chromium writes its children's titles anew, with spaces.
            let words =
                ProcessFile.bytes("/proc/\(pid)/cmdline")?.split { $0 == 0 || $0 == 32 } ?? []
            return words.map { String(decoding: $0, as: UTF8.self) }
                .first { $0.hasPrefix("--type=") }?.dropFirst("--type=".count)
        }

        private func namespace(_ pid: pid_t, _ name: String) -> String? {
            var buffer = [CChar](repeating: 0, count: 128)
            let count = unsafe readlink("/proc/\(pid)/ns/\(name)", &buffer, buffer.count - 1)
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        @Test(
            "Chromium's own sandbox is on: renderers have filters and namespaces of their own",
            arguments: [false, true])
        func sandbox(headful: Bool) async throws {
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                _ = try await browser.newPage().evaluate("1")
                let tree = ProcessTree(root: browser.processID).processes
                let renderers = tree.filter { kind($0) == "renderer" }
                #expect(!renderers.isEmpty)
                for pid in renderers {
                    #expect(status(pid, "Seccomp")?.contains("2") == true)
                    #expect(namespace(pid, "user") != namespace(browser.processID, "user"))
                    #expect(namespace(pid, "pid") != namespace(browser.processID, "pid"))
                }
                let lines = tree.compactMap { ProcessFile.text("/proc/\($0)/cmdline") }
                #expect(!lines.contains { $0.contains("--no-sandbox") })
            }
        }

        @Test(
            "every process has namespaces of its own and no capability, and is not root's",
            arguments: [false, true])
        func namespaces(headful: Bool) async throws {
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                for pid in ProcessTree(root: browser.processID).processes {
                    for name in ["user", "pid", "net", "mnt", "ipc", "uts"] {
                        #expect(namespace(pid, name) != namespace(getpid(), name))
                    }
                    #expect(status(pid, "Uid")?.split(separator: "\t").contains("0") == false)
                    #expect(status(pid, "NoNewPrivs")?.contains("1") == true)
                    #expect(status(pid, "Groups")?.split(separator: " ").contains("0") != true)
                }
                // A fresh user namespace's first process has capabilities only inside it.
                #expect(status(browser.processID, "CapEff")?.contains("0000000000000000") == true)
            }
        }

        @Test("nothing listens in the jail's network but our own socket", arguments: [false, true])
        func listeners(headful: Bool) async throws {
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                var listening: [Substring] = []
                for table in ["tcp", "tcp6", "udp", "udp6"] {
                    let text = ProcessFile.text("/proc/\(browser.processID)/net/\(table)") ?? ""
                    listening += text.split(separator: "\n").dropFirst().filter {
                        $0.split(separator: " ")[3] == "0A" || table.hasPrefix("udp")
                    }
                }
                // 127.0.0.1:3128, little-endian.
                #expect(listening.map { $0.split(separator: " ")[1] } == ["0100007F:0C38"])
                let inode = try #require(listening.first?.split(separator: " ")[9])
                #expect(holders(ofSocket: inode) == [getpid()])
            }
        }

        private func holders(ofSocket inode: Substring) -> [pid_t] {
            ProcessFile.processes().filter { pid in
                ProcessFile.names(in: "/proc/\(pid)/fd").contains { name in
                    var buffer = [CChar](repeating: 0, count: 64)
                    let path = "/proc/\(pid)/fd/\(name)"
                    let count = unsafe readlink(path, &buffer, buffer.count - 1)
                    let bytes = buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }
                    return String(decoding: bytes, as: UTF8.self) == "socket:[\(inode)]"
                }
            }
        }

        @Test("file URLs show nothing of the host")
        func fileProbes() async throws {
            let canary = "/var/tmp/browserfleet-canary-\(getpid())"
            let descriptor = unsafe open(canary, O_WRONLY | O_CREAT, 0o644)
            _ = unsafe write(descriptor, "canary", 6)
            close(descriptor)
            defer { unsafe unlink(canary) }
            let secrets = [
                canary, "/proc/1/root\(canary)", "/etc/shadow", "/etc/hostname", "/etc/group-",
                "/root/", "/home/\(canary)", "/var/lib",
                "/var/cache/apt", "/run/", "/tmp/browserfleet-tests-0",
                "/proc/\(getpid())/environ", "/proc/\(getpid())/cmdline", "/boot", "/srv", "/opt",
                "/mnt", "/media", "/sys/", "/etc/ssl/private", "/etc/machine-id",
            ]
            try await LiveBrowser.with { browser in
                for path in secrets {
                    let error = await #expect(throws: RenderingError.self, "\(path)") {
                        _ = try await browser.content(.url("file://\(path)"))
                    }
                    #expect(error?.code == .navigationFailed, "\(path)")
                }
                // Those that are there are ours, or hold nothing else of the host's.
                let users = try await browser.content(.url("file:///etc/passwd"))
                let text = String(decoding: users.bytes, as: UTF8.self)
                #expect(text.contains("browser:x:") && !text.contains("root:"))
                for (folder, only) in [("/var/", "cache"), ("/var/cache/", "fontconfig")] {
                    let listing = try await browser.content(.url("file://\(folder)"))
                    let names = String(decoding: listing.bytes, as: UTF8.self)
                        .split(separator: "addRow(\"").dropFirst()
                        .map { row in String(row.prefix { $0 != "\"" }) }
                    #expect(names.filter { $0 != ".." } == [only])
                }
                let hosts = try await browser.content(.url("file:///home/"))
                #expect(String(decoding: hosts.bytes, as: UTF8.self).contains("browser"))
            }
        }

        @Test("downloads stay in the jail, whatever folder a client names")
        func downloads() async throws {
            let outside = "/tmp/browser-download-\(getpid())"
            let site = try await LocalSite.start("<h1>page</h1>")
            let launcher = LiveBrowser.launcher { $0.egress = (try? site.policy()) ?? $0.egress }
            try await LiveBrowser.with(launcher: launcher) { browser in
                _ = try await browser.devTools.call(
                    "Browser.setDownloadBehavior",
                    params: ["behavior": "allow", "downloadPath": .string(outside)])
                let page = try await browser.newPage()
                try await page.navigate(to: site.origin)
                try await page.evaluate(
                    """
                    const link = document.createElement('a');
                    link.href = URL.createObjectURL(new Blob(['x'])); link.download = 'x.txt';
                    document.body.append(link); link.click()
                    """)
                let inside = "/proc/\(browser.processID)/root\(outside)/x.txt"
                for _ in 0..<200 where unsafe access(inside, F_OK) != 0 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(unsafe access(inside, F_OK) == 0)
                #expect(unsafe access(outside, F_OK) != 0)
            }
            try await site.stop()
        }

        @Test("the relay is the only way out", arguments: [false, true])
        func noWayOut(headful: Bool) async throws {
            let site = try await LocalSite.start("<title>secret</title>")
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                let devices = ProcessFile.text("/proc/\(browser.processID)/net/dev") ?? ""
                let names = devices.split(separator: "\n").dropFirst(2).map {
                    $0.split(separator: ":")[0].filter { $0 != " " }
                }
                #expect(names == ["lo"])
                // The relay answers, and not with the page.
                let content = try await browser.content(.url(site.origin))
                #expect(!String(decoding: content.bytes, as: UTF8.self).contains("secret"))
                #expect(browser.traffic.refused > 0)
            }
            try await site.stop()
        }
    }
}
