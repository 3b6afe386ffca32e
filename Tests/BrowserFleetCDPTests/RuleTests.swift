// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("Calls that would touch others are changed, answered or refused")
struct RuleTests {
    private func send(
        _ method: String, _ params: String = "{}", isInternal: Bool = false
    ) -> [BridgeRig.Output] {
        var rig = BridgeRig.open()
        _ = rig.attach(1, isInternal: isInternal)
        return rig.client(1, #"{"id":5,"method":"\#(method)","params":\#(params)}"#)
    }

    private func refusal(_ outputs: [BridgeRig.Output]) -> String? {
        guard BridgeRig.methods(outputs).isEmpty else { return nil }
        return BridgeRig.answers(outputs, to: 1).first?["error"]?["message"]?.stringValue
    }

    @Test(
        "a browser context goes with the client that made it, whatever the client says",
        arguments: [
            "{}", #"{"disposeOnDetach":false}"#,
            #"{"disposeOnDetach":true,"disposeOnDetach":false}"#,
            #"{"dispose\u004fnDetach":false}"#, #"{"proxyServer":""}"#,
        ])
    func disposesContexts(params: String) throws {
        let call = try #require(
            BridgeRig.calls(send("Target.createBrowserContext", params)).first)
        #expect(call["params"] == ["disposeOnDetach": true])
        #expect(call["id"] == 5)
        #expect(call["sessionId"]?.stringValue == BridgeRig.session(1))
    }

    @Test("a browser context keeps what else was asked for, and needs no parameters")
    func keepsParameters() {
        let call = BridgeRig.calls(
            send("Target.createBrowserContext", #"{"originsWithUniversalNetworkAccess":["a"]}"#))[0]
        #expect(call["params"]?["originsWithUniversalNetworkAccess"] == ["a"])
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        let bare = rig.client(1, #"{"id":5,"method":"Target.createBrowserContext"}"#)
        #expect(BridgeRig.calls(bare)[0]["params"] == ["disposeOnDetach": true])
    }

    @Test(
        "a context's own proxy is refused with the name of the field that works",
        arguments: [
            #"{"proxyServer":"http://p:1"}"#, #"{"proxy\u0053erver":"direct://"}"#,
            #"{"proxyServer":"","proxyServer":"http://p:1"}"#,
        ])
    func refusesProxy(params: String) {
        let message = refusal(send("Target.createBrowserContext", params))
        #expect(message?.contains("`proxy` of POST /browsers") == true)
    }

    @Test(
        "a page gets the size its browser was created with, unless the call names one",
        arguments: [
            (#"{"url":"a"}"#, #"{"url":"a","width":640,"height":480}"#),
            (#"{"url":"a","height":9}"#, #"{"url":"a","height":9}"#),
            (#"{"url":"a","w\u0069dth":9}"#, #"{"url":"a","width":9}"#),
        ])
    func sizesPages(params: String, expected: String) throws {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.event(.pageSize(PageSize(width: 640, height: 480)))
        let sent = rig.client(
            1, #"{"id":5,"method":"Target.createTarget","params":\#(params)}"#)
        let call = try #require(BridgeRig.calls(sent).first)
        #expect(try call["params"] == JSONValue.parse(Array(expected.utf8)))
        #expect(call["sessionId"]?.stringValue == BridgeRig.session(1))
        // The page is still its maker's, and goes with it.
        _ = rig.browser(
            #"{"id":5,"result":{"targetId":"P"},"sessionId":"\#(BridgeRig.session(1))"}"#)
        let left = rig.event(.clientDetached(ClientID(1)))
        #expect(BridgeRig.methods(left).contains("Target.closeTarget"))
    }

    @Test("exposeDevToolsProtocol is refused, also with escapes in its name")
    func refusesExpose() {
        for name in ["Target.exposeDevToolsProtocol", #"Target\u002eexposeDevToolsProtocol"#] {
            #expect(refusal(send(name))?.contains("outlive") == true)
        }
    }

    @Test(
        "a window is asked for only by the name of a page there is: others crash the headless shell",
        arguments: [
            ("{}", nil), (#"{"targetId":"P"}"#, nil), (#"{"target\u0049d":"P"}"#, nil),
            (#"{"targetId":"Q"}"#, "No target with given id"),
            (#"{"targetId":""}"#, "No target with given id"),
            (#"{"targetId":"P","targetId":"Q"}"#, "No target with given id"),
        ] as [(String, String?)])
    func windows(params: String, expected: String?) {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.browser(
            #"{"method":"Target.targetCreated","params":{"targetInfo":"#
                + #"{"targetId":"P","type":"page","url":""}}}"#)
        let call = #"{"id":5,"method":"Browser.getWindowForTarget","params":\#(params)}"#
        #expect(refusal(rig.client(1, call)) == expected)
    }

    @Test("Browser.close is answered, then the lease is to end, and the browser hears nothing")
    func closeBrowser() {
        #expect(
            send("Browser.close") == [
                .toClient(1, #"{"id":5,"result":{}}"#), .browserClosing(by: 1),
            ])
    }

    @Test("Browser.close in a page's session is answered there")
    func closeBrowserInPage() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attachChild(16, of: 1, page: "P")
        let session = BridgeRig.session(16)
        #expect(
            rig.client(1, #"{"id":5,"method":"Browser.close","sessionId":"\#(session)"}"#) == [
                .toClient(1, #"{"id":5,"result":{},"sessionId":"\#(session)"}"#),
                .browserClosing(by: 1),
            ])
    }

    @Test("children that wait must be of the kind that can be resumed")
    func nestedChildren() {
        let wait = #""autoAttach":true,"waitForDebuggerOnStart":true"#
        #expect(refusal(send("Target.setAutoAttach", "{\(wait)}")) != nil)
        #expect(refusal(send("Target.setAutoAttach", #"{\#(wait),"flatten":false}"#)) != nil)
        #expect(
            refusal(send("Target.setAutoAttach", #"{\#(wait),"flatten":true,"flatten":false}"#))
                != nil)
        #expect(refusal(send("Target.setAutoAttach", #"{\#(wait),"flatten":true}"#)) == nil)
        #expect(
            refusal(
                send(
                    "Target.setAutoAttach",
                    #"{"autoAttach":true,"waitForDebuggerOnStart":false}"#)) == nil)
    }

    @Test("our own tasks cannot send Page.enable; clients can")
    func pageEnable() {
        #expect(refusal(send("Page.enable", isInternal: true))?.contains("dialog") == true)
        #expect(refusal(send("Page.enable")) == nil)
    }

    private func wrapped(_ inner: String) -> String {
        let message = String(decoding: JSONValue.string(inner).encoded(), as: UTF8.self)
        return #"{"sessionId":"S","message":\#(message)}"#
    }

    @Test(
        "the rules look inside sendMessageToTarget",
        arguments: [
            #"{"id":1,"method":"Target.exposeDevToolsProtocol"}"#,
            #"{"id":1,"method":"Target.createBrowserContext"}"#,
            #"{"id":1,"method":"Target.createTarget","params":{"url":""}}"#,
            #"{"id":1,"method":"Browser.close"}"#, #"{"id":1,"method":"Browser\u002eclose"}"#,
            #"{"id":1,"method":"Browser.getWindowForTarget","params":{"targetId":"P"}}"#,
            #"{"id":1,"method":"Target.setAutoAttach","params":{"waitForDebuggerOnStart":true}}"#,
            #"{"id":1,"method":"A.b","sessionId":"\#(BridgeRig.session(1))"}"#,
            #"{"id":1,"id":1,"method":"A.b"}"#, "garbage",
        ])
    func nested(inner: String) {
        #expect(refusal(send("Target.sendMessageToTarget", wrapped(inner))) != nil)
        let twice = #"{"id":1,"method":"Target.sendMessageToTarget","params":\#(wrapped(inner))}"#
        #expect(refusal(send("Target.sendMessageToTarget", wrapped(twice))) != nil)
    }

    @Test("the rules look at every one of several messages, and not endlessly deep")
    func nestedTricks() {
        let good = #"{\"id\":1,\"method\":\"A.b\"}"#
        let bad = #"{\"id\":1,\"method\":\"Browser.close\"}"#
        for pair in [[good, bad], [bad, good]] {
            let params = #"{"message":"\#(pair[0])","message":"\#(pair[1])"}"#
            #expect(refusal(send("Target.sendMessageToTarget", params)) != nil)
        }
        var deep = #"{"id":1,"method":"A.b"}"#
        for _ in 0..<6 {
            deep = #"{"id":1,"method":"Target.sendMessageToTarget","params":\#(wrapped(deep))}"#
        }
        #expect(refusal(send("Target.sendMessageToTarget", wrapped(deep))) != nil)
    }

    @Test("harmless messages inside sendMessageToTarget pass as they are")
    func nestedHarmless() {
        let params = wrapped(#"{"id":1,"method":"Page.navigate","params":{"url":"about:blank"}}"#)
        let got = send("Target.sendMessageToTarget", params)
        #expect(BridgeRig.methods(got) == ["Target.sendMessageToTarget"])
    }

    @Test("Browser.crash and most other methods are the client's own affair")
    func passes() {
        for method in ["Browser.crash", "Target.getTargets", "Fetch.enable", "X.y"] {
            #expect(BridgeRig.methods(send(method)) == [method])
        }
    }
}
