// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import Glibc
import NIOCore
import NIOPosix
import Testing

extension LiveSuites {
    @Suite("How real browsers end", .serialized) struct EndingLiveTests {
        private func launch(
            _ launcher: ChromiumLauncher, _ properties: LaunchProperties = .headless
        ) async throws -> ChromiumBrowser {
            try await launcher.launch(
                LaunchRequest(slot: LiveBrowser.slot(), properties: properties))
        }

        @Test("an end leaves no process, no descriptor and no file", arguments: [false, true])
        func endLeavesNothing(headful: Bool) async throws {
            let launcher = LiveBrowser.launcher()
            // The first launch makes threads and descriptors that stay.
            try await launch(launcher).end(.deleted)
            let before = Traces.now()
            let browser = try await launch(launcher, LaunchProperties(headful: headful))
            let pids = ProcessTree(root: browser.processID).processes
            #expect(pids.count >= 4)
            await browser.end(.deleted)
            #expect(pids.allSatisfy(isOver))
            #expect(await browser.resources() == nil)
            #expect(await browser.awaitExit() == .ended)
            #expect(await Traces.settle(to: before) == before)
        }

        @Test("ending twice, and at once, is ending once")
        func endTwice() async throws {
            let browser = try await launch(LiveBrowser.launcher())
            async let first: Void = browser.end(.deleted)
            async let second: Void = browser.end(.idle)
            _ = await (first, second)
            await browser.end(.lifetime)
            #expect(browser.obituary != nil)
        }

        /// Gone, or a zombie that only waits for process 1, which is not ours, to notice.
        private func isOver(_ pid: Int32) -> Bool {
            ProcessStat(pid: pid).map { $0.state == "Z" } ?? true
        }

        @Test("stopped processes end too")
        func stopped() async throws {
            let browser = try await launch(LiveBrowser.launcher())
            let pids = ProcessTree(root: browser.processID).processes
            for pid in pids.dropFirst() { Glibc.kill(pid, SIGSTOP) }
            await browser.end(.deleted)
            #expect(pids.allSatisfy(isOver))
        }

        @Test("a crash is noticed", arguments: [false, true])
        func crash(ofFirstProcess: Bool) async throws {
            let browser = try await launch(LiveBrowser.launcher())
            let pids = ProcessTree(root: browser.processID).processes
            Glibc.kill(ofFirstProcess ? pids[0] : pids[1], SIGKILL)
            #expect(await browser.awaitExit() == .crashed)
            await browser.end(.crashed)
            #expect(pids.allSatisfy(isOver))
        }

        @Test("a browser outlives the threads that were there when it was launched")
        func threadsEnd() async throws {
            let launcher = LiveBrowser.launcher()
            let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)
            let executor = LoopExecutor(loop: threads.next())
            let browser = try await Task(executorPreference: executor) {
                try await self.launch(launcher)
            }.value
            // Its parent-death signal would come now, had one of these threads forked it.
            try await threads.shutdownGracefully()
            #expect(try await browser.newPage().title() == "")
            #expect(browser.obituary == nil)
            await browser.end(.deleted)
        }

        @Test("twenty cycles with crashes leave the counts where they were")
        func cycles() async throws {
            let launcher = LiveBrowser.launcher()
            try await launch(launcher).end(.deleted)
            let before = Traces.now()
            for cycle in 0..<20 {
                let browser = try await launch(launcher)
                if cycle.isMultiple(of: 5) {
                    Glibc.kill(browser.processID, SIGKILL)
                    _ = await browser.awaitExit()
                }
                await browser.end(.deleted)
            }
            #expect(await Traces.settle(to: before) == before)
            #expect(launcher.live.slots.isEmpty)
        }
    }
}

/// Runs tasks on one event loop's thread.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
