// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
@testable import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetRuntime
import Glibc
import Testing

extension LiveSuites {
    @Suite("Sweeping", .serialized) struct SweepLiveTests {
        private let launcher = LiveBrowser.launcher()

        /// A process with a mark, as a browser of that server would leave it.
        private func leftover(_ mark: OwnerMark) async throws -> ChildProcess {
            try await ChildProcess.spawn(
                SpawnRequest(
                    path: "/bin/sleep", arguments: ["sleep", "1000"],
                    environment: ["\(OwnerMark.variable)=\(mark.text)"], descriptors: [nil]))
        }

        private var mark: OwnerMark { launcher.mark(SlotID(index: 5, occupation: 5)) }

        private func mark(server: OwnerMark.Server) -> OwnerMark {
            var mark = mark
            mark.server = server
            return mark
        }

        @Test("a browser that a slot owns is left alone, however often is swept")
        func owned() async throws {
            try await LiveBrowser.with(launcher: launcher) { browser in
                for _ in 0..<3 {
                    #expect(await launcher.sweep(keeping: [browser.slot]) == SweepReport())
                }
                let title = try await browser.newPage().title()
                #expect(title.isEmpty)
            }
        }

        @Test("a browser that no slot owns is ended by the second sweep that finds it so")
        func unowned() async throws {
            let browser = try await launcher.launch(
                LaunchRequest(slot: LiveBrowser.slot(), properties: .headless))
            #expect(await launcher.sweep(keeping: []) == SweepReport())
            #expect(await launcher.sweep(keeping: []).processes >= 3)
            #expect(await browser.resources() == nil)
        }

        @Test("what a dead server of this installation left is removed")
        func deadServer() async throws {
            let dead = try await ChildProcess.spawn(
                SpawnRequest(
                    path: "/bin/true", arguments: ["true"], environment: [], descriptors: [nil]))
            await dead.exit()
            let process = try await leftover(
                mark(server: OwnerMark.Server(pid: dead.pid, start: 1)))
            #expect(await launcher.sweep(keeping: []).processes == 1)
            #expect(await process.exit() == .signal(SIGKILL))
        }

        @Test("a pid that is used again does not keep its predecessor's leftovers")
        func reusedPid() async throws {
            var server = ChromiumLauncher.thisServer
            server.start -= 1
            let process = try await leftover(mark(server: server))
            #expect(await launcher.sweep(keeping: []).processes == 1)
            await process.exit()
        }

        @Test("nothing that is not ours is touched")
        func foreign() async throws {
            let first = OwnerMark.Server(pid: 1, start: try #require(ProcessStat(pid: 1)).start)
            var otherInstallation = mark(server: OwnerMark.Server(pid: 999_999, start: 1))
            otherInstallation.installation += 1
            var otherLauncher = mark
            otherLauncher.launcher += 1000
            // Another installation's dead server, a living server of ours, another pool of this process.
            let strangers = [
                try await leftover(otherInstallation),
                try await leftover(mark(server: first)),
                try await leftover(otherLauncher),
            ]
            #expect(await launcher.sweep(keeping: []) == SweepReport())
            for stranger in strangers {
                #expect(stranger.status == nil)
                stranger.kill()
                await stranger.exit()
            }
        }
    }

    @Suite("Without a jail", .serialized) struct ContainerLiveTests {
        // Longer than a socket's path may be, with what comes behind it.
        private let folder = "/var/tmp/" + String(repeating: "long", count: 20) + "-\(getpid())"

        private func launcher() -> ChromiumLauncher {
            LiveBrowser.launcher {
                $0.isolation = .container
                $0.dataDirectory = folder
            }
        }

        @Test(
            "a browser starts, loads through its relay, and leaves nothing",
            arguments: [false, true])
        func works(headful: Bool) async throws {
            let before = Traces.now()
            let launcher = launcher()
            #expect(launcher.engine.isolation == .container)
            try await LiveBrowser.with(LaunchProperties(headful: headful), launcher: launcher) {
                browser in
                #expect(try await browser.newPage().evaluate("6 * 7") == 42)
                let resources = try #require(await browser.resources())
                #expect(resources.processes >= 5)
                let tree = ProcessTree(root: browser.processID).processes
                let user = tree.compactMap { ProcessFile.text("/proc/\($0)/status") }
                #expect(!user.contains { $0.contains("\nUid:\t0\t") })
            }
            let after = Traces.now()
            #expect(after.processes == before.processes && after.children == before.children)
            #expect(after.folders == before.folders)
            #expect(ProcessFile.names(in: launcher.folder.path) == ["lock"])
            await FolderRemoval.remove(folder)
        }

        @Test("a sweep removes folders of dead launchers, not of living ones")
        func folders() async throws {
            let living = launcher()
            let other = launcher()
            try living.folder.claim()
            try other.folder.claim()
            let dead = "\(folder)/browsers/1-1-1"
            for path in [dead, "\(dead)/3.4", "\(dead)/3.4/deep", "\(other.folder.path)/1.1"] {
                #expect(unsafe mkdir(path, 0o700) == 0)
            }
            close(unsafe open("\(dead)/lock", O_CREAT | O_WRONLY, 0o600))
            #expect(await living.sweep(keeping: []) == SweepReport(folders: 1))
            #expect(!SystemPaths.isDirectory(dead))
            #expect(SystemPaths.isDirectory("\(other.folder.path)/1.1"))
            await FolderRemoval.remove(folder)
        }

        @Test("processes of a dead launcher's folder end before it goes, by session and user")
        func sessions() async throws {
            let living = launcher()
            try living.folder.claim()
            let dead = "\(folder)/browsers/1-1-2"
            for path in [dead, "\(dead)/3.4"] { #expect(unsafe mkdir(path, 0o700) == 0) }
            close(unsafe open("\(dead)/lock", O_CREAT | O_WRONLY, 0o600))
            // Nothing tells whose these are but the session: no mark, and stopped for good measure.
            let orphan = try await ChildProcess.spawn(
                SpawnRequest(
                    path: "/bin/sleep", arguments: ["sleep", "1000"], environment: [],
                    descriptors: [nil]))
            Glibc.kill(orphan.pid, SIGSTOP)
            BrowserFolder(in: dead, slot: "3.4").note(session: orphan.pid)
            #expect(await living.sweep(keeping: []) == SweepReport(processes: 1, folders: 1))
            #expect(await orphan.exit() == .signal(SIGKILL))
            #expect(!SystemPaths.isDirectory(dead))
            await FolderRemoval.remove(folder)
        }

        @Test("a session's number that is used again leads to nobody")
        func reusedSession() async throws {
            let child = try await ChildProcess.spawn(
                SpawnRequest(
                    path: "/bin/sleep", arguments: ["sleep", "1000"], environment: [],
                    descriptors: [nil]))
            let start = try #require(ProcessStat(pid: child.pid)).start
            let session = LeftSession(leader: KnownProcess(pid: child.pid, start: start))
            #expect(session.members(of: getuid()).map(\.pid) == [child.pid])
            #expect(session.members(of: getuid() + 1).isEmpty)
            let earlier = LeftSession(leader: KnownProcess(pid: child.pid, start: start - 1))
            #expect(earlier.members(of: getuid()).isEmpty)
            child.kill()
            await child.exit()
        }

        @Test("a data folder that cannot be written is told with a remedy")
        func unwritable() async throws {
            for path in ["/proc/nothing", "/dev/null/x"] {
                let launcher = LiveBrowser.launcher {
                    $0.isolation = .container
                    $0.dataDirectory = path
                }
                let error = await #expect(throws: LaunchError.self) {
                    try await LiveBrowser.with(launcher: launcher) { _ in }
                }
                #expect(error?.code == .dataDirectoryUnusable)
                #expect(error?.message.contains(path) == true)
            }
        }
    }
}
