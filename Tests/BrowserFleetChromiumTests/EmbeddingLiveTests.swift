// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetRuntime
import Testing

extension LiveSuites {
    @Suite("Embedding") struct EmbeddingLiveTests {
        // The lines of README and of the contract as they stand, with a page that needs no network.
        // swift-format-ignore
        @Test("works as it is written down")
        func snippet() async throws {
            let pool = BrowserPool(configuration: .init(maxBrowsers: 8, warm: 2), launcher: ChromiumLauncher())
            try await pool.run { pool in      // structured: nothing survives the scope
                try await pool.withBrowser { browser in
                    let page = try await browser.newPage()
                    try await page.navigate(to: "data:text/html,<h1>Hello</h1>")
                    let png = try await page.screenshot()
                    #expect(png.starts(with: [0x89, 0x50, 0x4e, 0x47]))
                }
            }
        }
    }
}
