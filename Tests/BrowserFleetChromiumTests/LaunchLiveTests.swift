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
    @Suite("Launching real browsers", .serialized) struct LaunchLiveTests {
        @Test("a browser answers on its pipe", arguments: [false, true])
        func answers(headful: Bool) async throws {
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                let version = try await browser.devTools.call("Browser.getVersion")
                let product = try #require(version["product"]?.stringValue)
                #expect(product.hasPrefix(headful ? "Chrome/" : "HeadlessChrome/"))
            }
        }

        @Test("a browser opens with one blank page", arguments: [false, true])
        func onePage(headful: Bool) async throws {
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                let targets = try await browser.devTools.call("Target.getTargets")
                let pages = targets["targetInfos"]?.arrayValue?.filter {
                    $0["type"]?.stringValue == "page"
                }
                #expect(pages?.map { $0["url"]?.stringValue } == ["about:blank"])
            }
        }

        @Test(
            "user agent, locale, time zone and switches are what pages see",
            arguments: [false, true])
        func properties(headful: Bool) async throws {
            let properties = LaunchProperties(
                headful: headful, userAgent: "Robot/7", locale: "de-DE",
                timezone: "Asia/Tokyo", arguments: ["--window-size=900,700"])
            try await LiveBrowser.with(properties) { browser in
                let page = try await browser.newPage()
                let seen = try await page.evaluate(
                    """
                    [navigator.userAgent, navigator.language, navigator.languages.join(),
                     Intl.DateTimeFormat().resolvedOptions().timeZone,
                     new Date(0).getHours(), outerWidth]
                    """)
                #expect(seen == ["Robot/7", "de-DE", "de-DE,de", "Asia/Tokyo", 9, 900])
            }
        }

        @Test("memory and processor time are those of the whole tree", arguments: [false, true])
        func resources(headful: Bool) async throws {
            try await LiveBrowser.with(LaunchProperties(headful: headful)) { browser in
                let resources = try #require(await browser.resources())
                #expect(resources.processes >= 4)
                #expect(resources.memory > 30 << 20 && resources.memory < 1 << 30)
                #expect(resources.processorTime > .milliseconds(20))
            }
        }

        @Test("files that a page makes count as memory")
        func storageCounts() async throws {
            try await LiveBrowser.with { browser in
                let before = try #require(await browser.resources()).memory
                let file = "/proc/\(browser.processID)/root/home/browser/big"
                let writer = try await ChildProcess.spawn(
                    SpawnRequest(
                        path: "/bin/dd",
                        arguments: ["dd", "if=/dev/zero", "of=\(file)", "bs=1M", "count=64"],
                        environment: [], descriptors: [nil, nil, nil],
                        identity: ChromiumConfiguration().browserIdentity))
                #expect(await writer.exit() == .code(0))
                let after = try #require(await browser.resources()).memory
                #expect(after - before > 50 << 20)
            }
        }

        @Test("an executable that is missing, or is no Chromium, is told with a remedy")
        func wrongExecutables() async {
            for (path, code) in [
                ("/nonexistent/chromium", LaunchError.Code.engineMissing),
                ("/etc/passwd", .engineMissing), ("/bin/true", .exitedEarly),
                ("/bin/sh", .exitedEarly),
            ] {
                let launcher = LiveBrowser.launcher { $0.executable = path }
                let error = await #expect(throws: LaunchError.self) {
                    try await LiveBrowser.with(launcher: launcher) { _ in }
                }
                #expect(error?.code == code)
                #expect(error?.remedy.isEmpty == false)
            }
        }

        @Test("a bubblewrap that fails, lies or says nothing is told and killed")
        func wrongBubblewrap() async {
            for (path, code) in [
                ("/nonexistent/bwrap", LaunchError.Code.isolationUnavailable),
                ("/bin/false", .exitedEarly), ("/bin/cat", .exitedEarly),
            ] {
                let launcher = LiveBrowser.launcher { $0.bubblewrap = path }
                let error = await #expect(throws: LaunchError.self) {
                    try await LiveBrowser.with(launcher: launcher) { _ in }
                }
                #expect(error?.code == code, "\(path): \(error.debugDescription)")
            }
        }

        @Test("a launch that its deadline ends leaves nothing")
        func deadline() async {
            let before = Traces.now()
            let launcher = LiveBrowser.launcher { $0.launchTimeout = .milliseconds(20) }
            // The version is asked first, and has a deadline of its own.
            let error = await #expect(throws: LaunchError.self) {
                try await LiveBrowser.with(launcher: launcher) { _ in }
            }
            #expect(error?.code == .timedOut)
            #expect(await Traces.settle(to: before) == before)
        }

        @Test(
            "a launch whose caller leaves is cleaned up",
            arguments: [0, 1, 2, 3, 4, 5, 7, 10, 15, 40, 90, 150])
        func cancel(milliseconds: Int) async throws {
            let before = Traces.now()
            let launcher = LiveBrowser.launcher()
            let slot = LiveBrowser.slot()
            let task = Task {
                try await launcher.launch(LaunchRequest(slot: slot, properties: .headless))
            }
            // Not a wait for something to happen: the moments of a launch are what is tried.
            try await Task.sleep(for: .milliseconds(milliseconds))
            task.cancel()
            switch await task.result {
            case .success(let browser): await browser.end(.abandoned)
            case .failure(let error): #expect((error as? LaunchError)?.code == .cancelled)
            }
            #expect(launcher.live.slots.isEmpty)
            #expect(await Traces.settle(to: before) == before)
        }

        @Test("the machine's checks find nothing that fails")
        func diagnosis() async {
            let rows = await ChromiumDiagnosis().run()
            #expect(rows.filter { $0.outcome == .fail } == [])
            #expect(rows.count == 8)
        }
    }
}
