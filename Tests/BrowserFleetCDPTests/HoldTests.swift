// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import Testing

@Suite("No client can freeze another")
struct HoldTests {
    /// Client 1 keeps a new page waiting; client 2 is there to be kept waiting.
    private func rig(others: Bool = true) -> BridgeRig {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        if others { _ = rig.attach(2) }
        _ = rig.client(1, #"{"id":1,"method":"A.b"}"#)
        return rig
    }

    /// The call that resumes the child `session`, as the sessions it went to.
    private func resumed(_ outputs: [BridgeRig.Output]) -> [String] {
        BridgeRig.calls(outputs).filter { $0["method"] == "Runtime.runIfWaitingForDebugger" }
            .compactMap { $0["sessionId"]?.stringValue }
    }

    @Test("a child left waiting is resumed after two seconds, not before")
    func resumesAfterLimit() {
        var rig = rig()
        let told = rig.attachChild(16, of: 1, page: "P", waiting: true)
        #expect(resumed(told).isEmpty)
        #expect(rig.machine.nextDeadline == rig.now.advanced(by: .seconds(2)))
        #expect(rig.wait(.milliseconds(1999)).isEmpty)
        #expect(resumed(rig.wait(.milliseconds(1))) == [BridgeRig.session(16)])
        #expect(rig.machine.nextDeadline == nil)
    }

    @Test("the answer to the bridge's own resuming is not shown to the client")
    func hidesOwnAnswer() {
        var rig = rig()
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        let id = BridgeRig.callID(rig.wait(.seconds(2)))
        #expect(id < -2_000_000_000)
        let session = BridgeRig.session(16)
        #expect(rig.browser(#"{"id":\#(id),"result":{},"sessionId":"\#(session)"}"#).isEmpty)
    }

    @Test("a child that its client resumes is left alone")
    func clientResumes() {
        var rig = rig()
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        let session = BridgeRig.session(16)
        let call = #"{"id":2,"method":"Runtime.runIfWaitingForDebugger","sessionId":"\#(session)"}"#
        #expect(rig.client(1, call) == [.toBrowser(call)])
        #expect(rig.machine.nextDeadline == nil)
        #expect(rig.wait(.seconds(5)).isEmpty)
    }

    @Test("a child that ends is not resumed")
    func childEnds() {
        var rig = rig()
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        _ = rig.detachChild(16, of: 1)
        #expect(rig.machine.nextDeadline == nil)
        #expect(rig.wait(.seconds(5)).isEmpty)
    }

    @Test("a client alone may take its time, until another one comes")
    func alone() {
        var rig = rig(others: false)
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        #expect(rig.machine.nextDeadline == nil)
        #expect(rig.wait(.seconds(60)).isEmpty)
        #expect(resumed(rig.attach(2)) == [BridgeRig.session(16)])
    }

    @Test("tasks of ours do not count as somebody whom a lone client keeps waiting")
    func aloneBesideOurs() {
        var rig = rig(others: false)
        _ = rig.attach(3, isInternal: true)
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        _ = rig.browser(paused("r1", by: 1))
        _ = rig.browser(paused("r2", by: 1, auth: true))
        #expect(rig.machine.nextDeadline == nil)
        #expect(rig.wait(.seconds(60)).isEmpty)
        #expect(BridgeRig.calls(rig.attach(2)).count == 4)
    }

    /// Makes the page `page` for client `number`.
    private func makePage(_ page: String, _ number: Int, _ rig: inout BridgeRig) {
        _ = rig.client(number, #"{"id":5,"method":"Target.createTarget","params":{"url":""}}"#)
        _ = rig.browser(
            #"{"id":5,"result":{"targetId":"\#(page)"},"sessionId":"\#(BridgeRig.session(number))"}"#
        )
    }

    @Test("a lone client's hold on the browser does not stop the requests of our pages")
    func ourRequests() {
        var rig = rig(others: false)
        _ = rig.attach(3, isInternal: true)
        makePage("MINE", 1, &rig)
        for frame in ["MINE", "OURS", "INNER"] {
            _ = rig.browser(paused("of \(frame)", by: 1, frame: frame))
        }
        #expect(rig.machine.nextDeadline == nil)
        makePage("OURS", 3, &rig)
        let calls = BridgeRig.calls(rig.wait(.seconds(2)))
        #expect(calls.map { $0["params"]?["requestId"] } == ["of OURS", "of INNER"])
        // The client hears no more of it, and keeps what is its own.
        _ = rig.browser(paused("more of MINE", by: 1, frame: "MINE"))
        #expect(rig.machine.nextDeadline == nil)
    }

    @Test("a lone client's hold on our page, through a session of that page, ends too")
    func ourPagesSession() {
        var rig = rig(others: false)
        _ = rig.attach(3, isInternal: true)
        makePage("OURS", 3, &rig)
        _ = rig.attachChild(16, of: 1, page: "OURS")
        _ = rig.attachChild(17, of: 16, page: "", type: "iframe")
        _ = rig.browser(paused("r1", by: 16, frame: "OURS"))
        _ = rig.browser(paused("r2", by: 17, frame: "INNER"))
        let calls = BridgeRig.calls(rig.wait(.seconds(2)))
        #expect(calls.map { $0["params"]?["requestId"] } == ["r1", "r2"])
    }

    @Test("a page that waits is resumed once a task of ours looks at it")
    func lookedAt() {
        var rig = rig(others: false)
        _ = rig.attach(3, isInternal: true)
        _ = rig.browser(
            #"{"method":"Target.targetCreated","params":{"targetInfo":"#
                + #"{"targetId":"P","type":"page","url":""}}}"#)
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        #expect(rig.machine.nextDeadline == nil)
        _ = rig.attachChild(18, of: 3, page: "P")
        #expect(resumed(rig.wait(.seconds(2))) == [BridgeRig.session(16)])
    }

    @Test("a page of a task of ours is not kept waiting, even by a lone client")
    func ourPage() {
        var rig = rig(others: false)
        _ = rig.attach(3, isInternal: true)
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        #expect(rig.machine.nextDeadline == nil)
        makePage("P", 3, &rig)
        #expect(rig.machine.nextDeadline == rig.now.advanced(by: .seconds(2)))
        #expect(resumed(rig.wait(.seconds(2))) == [BridgeRig.session(16)])
    }

    @Test("what a client waits with is let go as soon as its queue is over half")
    func halfQueue() {
        var rig = rig()
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        #expect(resumed(rig.event(.clientQueue(ClientID(1), .half))) == [BridgeRig.session(16)])
        let told = rig.attachChild(17, of: 1, page: "Q", waiting: true)
        #expect(resumed(told) == [BridgeRig.session(17)])
        _ = rig.event(.clientQueue(ClientID(1), .low))
        _ = rig.client(1, #"{"id":2,"method":"A.b"}"#)
        #expect(resumed(rig.attachChild(18, of: 1, page: "R", waiting: true)).isEmpty)
    }

    @Test("a client at its bound is detached and closed at once")
    func fullQueue() {
        var rig = rig()
        let got = rig.event(.clientQueue(ClientID(1), .full))
        #expect(got.first == .close(1, .readerTooSlow))
        #expect(BridgeRig.methods(got) == ["Target.detachFromTarget"])
        #expect(rig.event(.clientDetached(ClientID(1))).isEmpty)
    }

    @Test("a client that ran out of time once gets no more until it is heard")
    func unresponsive() {
        var rig = rig()
        rig.now = rig.now.advanced(by: .seconds(1))
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        _ = rig.wait(.seconds(2))
        let told = rig.attachChild(17, of: 1, page: "Q", waiting: true)
        #expect(resumed(told) == [BridgeRig.session(17)])
        rig.now = rig.now.advanced(by: .seconds(1))
        _ = rig.client(1, #"{"id":2,"method":"A.b"}"#)
        rig.now = rig.now.advanced(by: .seconds(1))
        #expect(resumed(rig.attachChild(18, of: 1, page: "R", waiting: true)).isEmpty)
    }

    private func paused(
        _ request: String, by session: Int, auth: Bool = false, frame: String = "F"
    ) -> String {
        #"{"method":"Fetch.\#(auth ? "authRequired" : "requestPaused")","params":"#
            + #"{"requestId":"\#(request)","frameId":"\#(frame)"},"#
            + #""sessionId":"\#(BridgeRig.session(session))"}"#
    }

    @Test("a request paused by a browser-level Fetch.enable goes on after two seconds")
    func browserFetch() {
        var rig = rig()
        #expect(rig.browser(paused("r1", by: 1)).count == 1)
        _ = rig.browser(paused("r2", by: 1, auth: true))
        let calls = BridgeRig.calls(rig.wait(.seconds(2)))
        #expect(calls.map { $0["method"] } == ["Fetch.continueRequest", "Fetch.continueWithAuth"])
        #expect(calls.map { $0["params"]?["requestId"] } == ["r1", "r2"])
        #expect(calls[1]["params"]?["authChallengeResponse"]?["response"] == "Default")
    }

    @Test(
        "a request that its client answers is left alone",
        arguments: ["continueRequest", "fulfillRequest", "failRequest", "continueResponse"])
    func answeredFetch(method: String) {
        var rig = rig()
        _ = rig.browser(paused("r1", by: 1))
        _ = rig.client(1, #"{"id":2,"method":"Fetch.\#(method)","params":{"requestId":"r1"}}"#)
        #expect(rig.machine.nextDeadline == nil)
        _ = rig.browser(paused("r2", by: 1))
        _ = rig.client(1, #"{"id":3,"method":"Fetch.disable"}"#)
        #expect(rig.machine.nextDeadline == nil)
    }

    @Test("a page's requests are its maker's to hold, and nobody else's")
    func pageFetch() {
        var rig = rig()
        makePage("P", 1, &rig)
        _ = rig.attachChild(16, of: 1, page: "P")
        _ = rig.attachChild(32, of: 2, page: "P")
        _ = rig.browser(paused("r1", by: 16))
        #expect(rig.machine.nextDeadline == nil)
        _ = rig.browser(paused("r2", by: 32))
        #expect(BridgeRig.calls(rig.wait(.seconds(2))).map { $0["params"]?["requestId"] } == ["r2"])
    }

    @Test("more than the bound is not held, and a lone client keeps what it paused")
    func boundsHolds() {
        var configuration = BridgeMachine.Configuration()
        configuration.maximumHolds = 2
        var rig = BridgeRig.open(configuration)
        _ = rig.attach(1)
        for request in 1...3 { _ = rig.browser(paused("r\(request)", by: 1)) }
        #expect(BridgeRig.calls(rig.browser(paused("r4", by: 1))).isEmpty)
        _ = rig.attach(2)
        let calls = BridgeRig.calls(rig.browser(paused("r5", by: 1)))
        #expect(calls.map { $0["params"]?["requestId"] } == ["r3"])
    }
}
