// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

/// What the bridge takes for granted about Chromium, asked of the Chromium that is installed. When
/// one of these fails after an update, the rule it names in the design has to be thought over.
@Suite("Chromium still does what the bridge relies on", .serialized)
struct ChromiumCanaryTests {
    @Test("it writes the session last, and the id or the method first")
    func shape() throws {
        let bridge = try LiveBridge()
        try bridge.attach(1)
        let page = try bridge.page(1)
        _ = try bridge.call(1, "Page.enable", session: page.session)
        _ = try bridge.call(
            1, "Page.navigate", ["url": "data:text/html,<p>x"], session: page.session)
        _ = try bridge.call(1, "No.such", session: page.session)
        _ = try bridge.call(1, "Page.captureScreenshot", session: page.session)
        for message in bridge.heard {
            let text = String(decoding: message, as: UTF8.self)
            #expect(text.hasPrefix(#"{"id":"#) || text.hasPrefix(#"{"method":""#))
            let envelope = CallAnswer.parse(message.span)
            guard let session = envelope?.sessionID else { continue }
            #expect(text.hasSuffix(#","sessionId":"\#(session)"}"#))
            #expect(session.wholeMatch(of: /[0-9A-F]{32}/) != nil)
        }
        #expect(bridge.heard.count > 10)
    }

    @Test("every call in flight when its page closes is answered exactly once")
    func pageCloses() throws {
        let bridge = try LiveBridge()
        try bridge.attach(1)
        let page = try bridge.page(1)
        let never: JSONValue = ["expression": "new Promise(() => {})", "awaitPromise": true]
        var ids: Set<Int> = []
        for _ in 0..<20 {
            ids.insert(try bridge.send(1, "Runtime.evaluate", never, session: page.session))
        }
        try bridge.send(1, "Target.closeTarget", ["targetId": .string(page.target)])
        for _ in 0..<80 {
            ids.insert(try bridge.send(1, "Runtime.evaluate", never, session: page.session))
        }
        var answered: [Int] = []
        while answered.count < ids.count {
            let answer = try bridge.wait(1) { ids.contains($0["id"]?.intValue ?? 0) }
            answered.append(answer["id"]?.intValue ?? 0)
            #expect(answer["error"] != nil)
        }
        // A full round trip: errors that were still on their way have come, and were not passed on.
        _ = try bridge.call(1, "Browser.getVersion")
        #expect(throws: RealBrowser.Failure.self) {
            _ = try bridge.wait(1, within: .milliseconds(300)) {
                ids.contains($0["id"]?.intValue ?? 0)
            }
        }
        #expect(Set(answered) == ids)
    }

    @Test("an error about a session that is gone has no session in it")
    func sessionlessErrors() throws {
        let browser = try RealBrowser()
        let session = String(repeating: "A", count: 32)
        try browser.send(CallMessage.encode(id: 1, method: "Page.enable", sessionID: session))
        let answer = try #require(try browser.next(within: 10_000))
        #expect(
            String(decoding: answer, as: UTF8.self)
                == #"{"id":1,"error":{"code":-32001,"message":"Session with given id not found."}}"#
        )
    }

    @Test("it takes an escaped key for the key, and an empty session for the true root")
    func whyKeysAreScanned() throws {
        let browser = try RealBrowser()
        for (key, hasError) in [(#"session\u0049d":"nope"#, true), (#"sessionId":""#, false)] {
            try browser.send(Array(#"{"id":1,"method":"Browser.getVersion","\#(key)"}"#.utf8))
            let answer = try #require(try browser.next(within: 10_000))
            #expect((try JSONValue.parse(answer)["error"] != nil) == hasError)
        }
    }

    private static let waiting: JSONValue = [
        "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
    ]

    /// How long it takes until a new page of client 2 has come to its address.
    private func timeToLoad(_ bridge: LiveBridge) throws -> Duration {
        let start = ContinuousClock.now
        let page = try bridge.page(2, ["url": "data:text/html,<title>hi</title>"])
        while start.duration(to: .now) < .seconds(10) {
            let title = try bridge.call(
                2, "Runtime.evaluate", ["expression": "document.title"], session: page.session)
            if title["result"]?["result"]?["value"] == "hi" { break }
        }
        return start.duration(to: .now)
    }

    @Test("a client that never resumes its children holds the others for two seconds, and once")
    func silentClient() throws {
        let bridge = try LiveBridge()
        for client in 1...2 { try bridge.attach(client) }
        _ = try bridge.call(1, "Target.setAutoAttach", Self.waiting)
        let first = try timeToLoad(bridge)
        #expect(first > .milliseconds(1900), "nothing was held: Chromium has changed")
        #expect(first < .seconds(6))
        let second = try timeToLoad(bridge)
        #expect(second < .milliseconds(1500))
    }

    @Test("without the bridge such a client would hold the others for good")
    func whyChildrenAreResumed() throws {
        let bridge = try LiveBridge()
        // With nobody else there, the bridge lets a client take its time.
        try bridge.attach(1)
        _ = try bridge.call(1, "Target.setAutoAttach", Self.waiting)
        let page = try bridge.page(1, ["url": "data:text/html,<title>hi</title>"])
        let title = try? bridge.call(
            1, "Runtime.evaluate", ["expression": "document.title"], session: page.session,
            within: .seconds(4))
        #expect(title?["result"]?["result"]?["value"] != "hi")
    }

    @Test("a browser-level Fetch.enable that nobody serves holds the others two seconds at most")
    func silentFetch() throws {
        let bridge = try LiveBridge()
        for client in 1...2 { try bridge.attach(client) }
        _ = try bridge.call(1, "Fetch.enable")
        let page = try bridge.page(2)
        let start = ContinuousClock.now
        let went = try bridge.call(
            2, "Page.navigate", ["url": "http://127.0.0.1:1/"], session: page.session)
        #expect(went["result"]?["errorText"] != nil)
        #expect(start.duration(to: .now) < .seconds(6))
        #expect(start.duration(to: .now) > .seconds(1), "the request was never held: test is void")
    }

    @Test("a lone client's browser-level Fetch.enable holds a page of ours two seconds at most")
    func silentFetchAlone() throws {
        let bridge = try LiveBridge()
        try bridge.attach(1)
        try bridge.attach(2, isInternal: true)
        _ = try bridge.call(1, "Fetch.enable")
        let page = try bridge.page(2)
        let start = ContinuousClock.now
        let went = try bridge.call(
            2, "Page.navigate", ["url": "http://127.0.0.1:1/"], session: page.session)
        #expect(went["result"]?["errorText"] != nil)
        #expect(start.duration(to: .now) > .seconds(1), "the request was never held: test is void")
    }

    @Test("the window of a target that is not there is an error, not the end of the browser")
    func unknownWindow() throws {
        let bridge = try LiveBridge()
        try bridge.attach(1)
        let page = try bridge.page(1)
        for unknown in [String(repeating: "F", count: 32), "x", ""] {
            let answer = try bridge.call(
                1, "Browser.getWindowForTarget", ["targetId": .string(unknown)])
            #expect(answer["error"]?["message"] == "No target with given id")
        }
        let window = try bridge.call(
            1, "Browser.getWindowForTarget", ["targetId": .string(page.target)])
        #expect(window["result"]?["windowId"] != nil)
    }

    @Test("a client that leaves takes its contexts and pages along, also one just being made")
    func leaver() throws {
        let bridge = try LiveBridge()
        for client in 1...2 { try bridge.attach(client) }
        let before = try bridge.pages(2)
        let context = try bridge.call(1, "Target.createBrowserContext")["result"]?[
            "browserContextId"]
        _ = try bridge.page(1)
        _ = try bridge.page(1, ["url": "about:blank", "browserContextId": context ?? .null])
        let kept = try bridge.page(2)
        try bridge.send(1, "Target.createTarget", ["url": "about:blank"])
        try bridge.detach(1)
        var left: [String] = []
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(5), left.count != before.count + 1 {
            left = try bridge.pages(2)
        }
        #expect(Set(left) == Set(before + [kept.target]))
        let contexts = try bridge.call(2, "Target.getBrowserContexts")["result"]
        #expect(contexts?["browserContextIds"] == [])
    }

    @Test("without Page.enable, an alert() does not stop a screenshot")
    func alertWithoutPageEnable() throws {
        let bridge = try LiveBridge()
        try bridge.attach(1)
        let page = try bridge.page(1)
        try bridge.send(1, "Runtime.evaluate", ["expression": "alert(1)"], session: page.session)
        let shot = try bridge.call(1, "Page.captureScreenshot", session: page.session)
        #expect(shot["result"]?["data"]?.stringValue?.isEmpty == false)
    }

    @Test("what a client attached is out of reach for another")
    func foreignSessions() throws {
        let bridge = try LiveBridge()
        for client in 1...2 { try bridge.attach(client) }
        let page = try bridge.page(1)
        let direct = try bridge.call(2, "Page.enable", session: page.session)
        #expect(direct["error"]?["code"] == -32001)
        let detach = try bridge.call(
            2, "Target.detachFromTarget", ["sessionId": .string(page.session)])
        #expect(detach["error"] != nil)
        let message = #"{"id":1,"method":"Page.enable"}"#
        let nested = try bridge.call(
            2, "Target.sendMessageToTarget",
            ["sessionId": .string(page.session), "message": .string(message)])
        #expect(nested["error"] != nil)
        let own = try bridge.call(1, "Page.enable", session: page.session)
        #expect(own["result"] != nil)
    }
}
