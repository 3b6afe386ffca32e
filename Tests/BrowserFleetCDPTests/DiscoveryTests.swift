// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("Discovery documents name our URLs")
struct DiscoveryTests {
    private let documents = DiscoveryDocuments(
        browserSocketURL: "wss://h/browsers/b_1?token=t",
        targetSocketPrefix: "wss://h/browsers/b_1/devtools/page/", targetSocketSuffix: "?token=a&b")

    @Test("/json/version has the members and the words of Chromium")
    func version() {
        let version = documents.version([
            "protocolVersion": "1.3", "product": "HeadlessChrome/156.0.8078.79",
            "revision": "@a21", "jsVersion": "15.6",
            "userAgent": "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML) Chrome/156 Safari/537.36",
        ])
        #expect(
            version == [
                "Browser": "HeadlessChrome/156.0.8078.79", "Protocol-Version": "1.3",
                "User-Agent":
                    "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML) Chrome/156 Safari/537.36",
                "V8-Version": "15.6", "WebKit-Version": "537.36 (@a21)",
                "webSocketDebuggerUrl": "wss://h/browsers/b_1?token=t",
            ])
    }

    @Test("/json/list has one entry for every page and worker, none for the browser")
    func list() throws {
        let list = documents.list([
            "targetInfos": [
                ["targetId": "P", "type": "page", "title": "T\"", "url": "http://a/"],
                ["targetId": "W", "type": "worker", "title": "", "url": ""],
                ["targetId": "B", "type": "browser", "title": "", "url": ""],
            ]
        ])
        #expect(list.arrayValue?.count == 2)
        let page = try #require(list[0])
        #expect(page["id"] == "P" && page["type"] == "page" && page["title"] == "T\"")
        #expect(page["webSocketDebuggerUrl"] == "wss://h/browsers/b_1/devtools/page/P?token=a&b")
        #expect(
            page["devtoolsFrontendUrl"]
                == "/devtools/inspector.html?wss=h/browsers/b_1/devtools/page/P?token=a%26b")
        #expect(documents.list([:]) == [])
    }

    @Test("/json/protocol says the version and the domains there are")
    func description() {
        let description = documents.protocolDescription(
            ["protocolVersion": "1.3"],
            domains: ["domains": [["name": "Page", "version": "1.3"], ["name": "DOM"]]])
        #expect(description["version"] == ["major": "1", "minor": "3"])
        #expect(description["domains"]?.arrayValue?.map { $0["domain"] } == ["Page", "DOM"])
    }
}
