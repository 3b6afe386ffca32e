// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import fleetctl

/// Discovery documents, told for another port.
struct ForwardedDiscoveryTests {
    private func rewritten(_ text: String) throws -> String {
        try #require(
            ForwardedDiscovery.text(
                of: Data(text.utf8), host: "localhost:9222", browser: "b1"))
    }

    @Test("the browser's socket stands at the port, without a token")
    func version() throws {
        let text =
            #"{"Browser":"HeadlessChrome","webSocketDebuggerUrl":"ws://f/browsers/x?token=t"}"#
        #expect(
            try rewritten(text)
                == #"{"Browser":"HeadlessChrome","webSocketDebuggerUrl":"ws://localhost:9222/devtools/browser/b1"}"#
        )
    }

    @Test("each page's socket stands at the port, by its ID")
    func list() throws {
        let text = #"[{"id":"T1","type":"page","webSocketDebuggerUrl":"wss://f/x?token=t"}]"#
        #expect(
            try rewritten(text)
                == #"[{"id":"T1","type":"page","webSocketDebuggerUrl":"ws://localhost:9222/devtools/page/T1"}]"#
        )
    }

    @Test("what is not JSON is none")
    func noJSON() {
        #expect(
            ForwardedDiscovery.text(of: Data("<html>".utf8), host: "h", browser: "b") == nil)
    }
}
