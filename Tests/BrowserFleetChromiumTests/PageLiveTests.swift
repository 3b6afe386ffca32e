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
    @Suite("Pages", .serialized) struct PageLiveTests {
        private static let html = """
            <!DOCTYPE html><title>Hello</title><body style="margin:0;background:#f00">
            <div style="height:3000px">tall</div></body>
            """

        private func withSite(
            headful: Bool = false, _ body: (ChromiumBrowser, LocalSite) async throws -> Void
        ) async throws {
            let site = try await LocalSite.start(Self.html)
            let launcher = LiveBrowser.launcher {
                $0.egress = (try? site.policy()) ?? $0.egress
                $0.navigationTimeout = .seconds(15)
            }
            try await LiveBrowser.with(LaunchProperties(headful: headful), launcher: launcher) {
                try await body($0, site)
            }
            try await site.stop()
        }

        private func pageCount(_ browser: ChromiumBrowser) async throws -> Int {
            let targets = try await browser.devTools.call("Target.getTargets")
            return targets["targetInfos"]?.arrayValue?.count {
                $0["type"]?.stringValue == "page"
            } ?? 0
        }

        @Test("an embedder loads a page, asks it and closes it", arguments: [false, true])
        func embedder(headful: Bool) async throws {
            try await withSite(headful: headful) { browser, site in
                let page = try await browser.newPage()
                try await page.navigate(to: site.origin + "/x")
                #expect(try await page.title() == "Hello")
                #expect(try await page.evaluate("Promise.resolve(location.pathname)") == "/x")
                #expect(try await page.content().hasPrefix("<!DOCTYPE html><html><head><title>"))
                #expect(try await page.screenshot().starts(with: [0x89, 0x50, 0x4e, 0x47]))
                #expect(try await page.pdf().starts(with: Array("%PDF-".utf8)))
                await page.close()
                let error = await #expect(throws: RenderingError.self) { try await page.title() }
                #expect(error?.code == .refused)
            }
        }

        @Test("a full page is as tall as its document", arguments: [false, true])
        func fullPage(headful: Bool) async throws {
            try await withSite(headful: headful) { browser, site in
                let page = try await browser.newPage()
                try await page.navigate(to: site.origin)
                let picture = try await page.screenshot(fullPage: true)
                // A PNG's height: bytes 20 to 23, big-endian.
                let height = picture[20..<24].reduce(0) { $0 << 8 | Int($1) }
                #expect(height >= 3000 && height < 3100)
            }
        }

        @Test("a URL is rendered in a page of its own, which goes away", arguments: [false, true])
        func ownPage(headful: Bool) async throws {
            try await withSite(headful: headful) { browser, site in
                let jpeg = try await browser.screenshot(
                    ScreenshotRequest(source: .url(site.origin), format: .jpeg, quality: 50))
                #expect(jpeg.contentType == "image/jpeg")
                #expect(jpeg.bytes.starts(with: [0xff, 0xd8]))
                let content = try await browser.content(.url(site.origin))
                #expect(String(decoding: content.bytes, as: UTF8.self).contains("Hello"))
                // Chromium answers the close before the page is off the list.
                for _ in 0..<100 where try await pageCount(browser) > 1 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(try await pageCount(browser) == 1)
            }
        }

        @Test(
            "the current page is rendered as it is, in the background too",
            arguments: [false, true])
        func currentPage(headful: Bool) async throws {
            try await withSite(headful: headful) { browser, site in
                let targets = try await browser.devTools.call("Target.getTargets")
                let page = targets["targetInfos"]?.arrayValue?.first {
                    $0["type"]?.stringValue == "page"
                }
                let id = try #require(page?["targetId"]?.stringValue)
                // A tab before it in the same window.
                _ = try await browser.devTools.call(
                    "Target.createTarget", params: ["url": .string(site.origin)])
                let picture = try await browser.screenshot(
                    ScreenshotRequest(source: .target(id), format: .webp))
                #expect(picture.bytes.starts(with: Array("RIFF".utf8)))
                let pdf = try await browser.pdf(.current)
                #expect(pdf.contentType == "application/pdf")
            }
        }

        @Test(
            "what cannot be loaded is told by Chromium's word",
            arguments: ["http://127.0.0.1:9/", "nonsense", "https://no.such.host.invalid/"])
        func notLoaded(url: String) async throws {
            try await withSite { browser, _ in
                let error = await #expect(throws: RenderingError.self) {
                    _ = try await browser.content(.url(url))
                }
                #expect(error?.code == .navigationFailed)
            }
        }

        @Test("a page that is not there is told so")
        func noPage() async throws {
            try await withSite { browser, _ in
                let error = await #expect(throws: RenderingError.self) {
                    _ = try await browser.content(.target("nonsense"))
                }
                #expect(error?.code == .noSuchPage)
            }
        }

        @Test(
            "a page that never ends loading, or hangs, is given up in time",
            arguments: [
                "data:text/html,<script>while(true);</script>",
                "data:text/html,<script>setInterval(()=>location.reload(),1)</script><img src=http://10.0.0.1>",
            ])
        func hanging(url: String) async throws {
            let launcher = LiveBrowser.launcher { $0.navigationTimeout = .seconds(2) }
            try await LiveBrowser.with(launcher: launcher) { browser in
                let begin = ContinuousClock.now
                _ = try? await browser.content(.url(url))
                #expect(begin.duration(to: .now) < .seconds(8))
            }
        }

        @Test("a dialog does not hang a rendering", arguments: [false, true])
        func dialog(headful: Bool) async throws {
            try await withSite(headful: headful) { browser, _ in
                let begin = ContinuousClock.now
                _ = try? await browser.content(.url("data:text/html,<script>alert(1)</script>ok"))
                #expect(begin.duration(to: .now) < .seconds(20))
            }
        }

        @Test("a script that throws is told in the page's words")
        func throwing() async throws {
            try await withSite { browser, _ in
                let page = try await browser.newPage()
                let error = await #expect(throws: RenderingError.self) {
                    try await page.evaluate("throw new Error('mine')")
                }
                #expect(error?.message.contains("mine") == true)
            }
        }

        @Test("a browser that ended is told so")
        func gone() async throws {
            let browser = try await LiveBrowser.launcher().launch(
                LaunchRequest(slot: LiveBrowser.slot(), properties: .headless))
            let page = try await browser.newPage()
            await browser.end(.deleted)
            let error = await #expect(throws: RenderingError.self) { try await page.title() }
            #expect(error?.code == .browserGone)
        }
    }
}
