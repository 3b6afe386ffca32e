// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import Testing

@Suite("A leaver leaves nothing")
struct LeavingTests {
    private func made(_ page: String, by client: Int, id: Int) -> String {
        #"{"id":\#(id),"result":{"targetId":"\#(page)"},"sessionId":"\#(BridgeRig.session(client))"}"#
    }

    /// Clients 1 and 2, each with a page of its own, beside the page that was there at first.
    private func rig() -> BridgeRig {
        var rig = BridgeRig.open()
        _ = rig.browser(created("first"))
        for client in 1...2 {
            _ = rig.attach(client)
            _ = rig.client(client, #"{"id":5,"method":"Target.createTarget","params":{"url":""}}"#)
            _ = rig.browser(created("of\(client)"))
            _ = rig.browser(made("of\(client)", by: client, id: 5))
        }
        return rig
    }

    private func created(_ page: String, opener: String? = nil) -> String {
        let opener = opener.map { #","openerId":"\#($0)""# } ?? ""
        return #"{"method":"Target.targetCreated","params":{"targetInfo":{"targetId":"\#(page)","#
            + #""type":"page","title":"","url":"about:blank"\#(opener)}}}"#
    }

    private func closed(_ outputs: [BridgeRig.Output]) -> [JSONValue?] {
        BridgeRig.calls(outputs).filter { $0["method"] == "Target.closeTarget" }
            .map { $0["params"]?["targetId"] }
    }

    @Test("its root session is detached on the true root and the pages it made are closed")
    func leaves() {
        var rig = rig()
        let got = rig.event(.clientDetached(ClientID(1)))
        let detach = BridgeRig.calls(got)[0]
        #expect(detach["method"] == "Target.detachFromTarget")
        #expect(detach["params"]?["sessionId"]?.stringValue == BridgeRig.session(1))
        #expect(detach["sessionId"] == nil)
        #expect(closed(got) == ["of1"])
    }

    @Test("pages that its pages opened are closed with them")
    func popups() {
        var rig = rig()
        _ = rig.browser(created("popup", opener: "of1"))
        _ = rig.browser(created("popup2", opener: "popup"))
        _ = rig.browser(created("other", opener: "first"))
        #expect(closed(rig.event(.clientDetached(ClientID(1)))) == ["of1", "popup", "popup2"])
        #expect(closed(rig.browser(created("late", opener: "popup"))) == ["late"])
    }

    @Test("a page whose making was under way is closed when the answer comes")
    func lateAnswer() {
        var rig = rig()
        _ = rig.client(1, #"{"id":6,"method":"Target.createTarget","params":{"url":""}}"#)
        _ = rig.event(.clientDetached(ClientID(1)))
        #expect(closed(rig.browser(made("late", by: 1, id: 6))) == ["late"])
    }

    @Test("what still comes for it goes nowhere")
    func nothingDelivered() {
        var rig = rig()
        _ = rig.client(1, #"{"id":6,"method":"A.b"}"#)
        let detach = BridgeRig.callID(rig.event(.clientDetached(ClientID(1))))
        let answer = #"{"id":6,"result":{},"sessionId":"\#(BridgeRig.session(1))"}"#
        #expect(rig.browser(answer).isEmpty)
        #expect(
            rig.browser(#"{"id":\#(detach),"result":{}}"#).filter { $0 != .gone("of1") }
                .allSatisfy { BridgeRig.methods([$0]) == ["Target.closeTarget"] })
        #expect(rig.browser(answer).isEmpty)
        #expect(rig.client(1, #"{"id":7,"method":"A.b"}"#).isEmpty)
    }

    @Test("what it held is let go without a word")
    func holdsGo() {
        var rig = rig()
        _ = rig.attachChild(16, of: 1, page: "P", waiting: true)
        _ = rig.event(.clientDetached(ClientID(1)))
        #expect(rig.machine.nextDeadline == nil)
        #expect(rig.wait(.seconds(9)).isEmpty)
    }

    @Test("a client that leaves before it has its session is detached when that comes")
    func leavesEarly() {
        var rig = BridgeRig.open()
        let asked = rig.event(.clientAttached(ClientID(1), root: .browser, isInternal: false))
        #expect(rig.event(.clientDetached(ClientID(1))).isEmpty)
        let got = rig.browser(
            #"{"id":\#(BridgeRig.callID(asked)),"result":{"sessionId":"\#(BridgeRig.session(1))"}}"#
        )
        #expect(BridgeRig.methods(got) == ["Target.detachFromTarget"])
        #expect(got.count == 1)
    }

    @Test("a thousand clients come and go and leave the bridge as it was")
    func noGrowth() {
        var rig = BridgeRig.open()
        var afterFirst: Int?
        for client in 1...1000 {
            _ = rig.attach(client)
            _ = rig.attachChild(5000 + client, of: client, page: "P\(client)")
            _ = rig.client(client, #"{"id":6,"method":"A.b"}"#)
            let detach = BridgeRig.callID(rig.event(.clientDetached(ClientID(client))))
            _ = rig.browser(#"{"id":\#(detach),"result":{}}"#)
            afterFirst = afterFirst ?? rig.machine.entryCount
        }
        #expect(rig.machine.entryCount == afterFirst)
    }

    @Test("an attach that Chromium refuses says why")
    func refusedAttach() {
        var rig = BridgeRig.open()
        let asked = rig.event(
            .clientAttached(ClientID(1), root: .target("nope"), isInternal: false))
        let id = BridgeRig.callID(asked)
        let got = rig.browser(#"{"id":\#(id),"error":{"code":-32602,"message":"No target"}}"#)
        #expect(got == [.attachFailed(1, .refused("No target"))])
    }

    @Test("a session name of another shape than expected is refused, not misread")
    func strangeName() {
        var rig = BridgeRig.open()
        let asked = rig.event(.clientAttached(ClientID(1), root: .browser, isInternal: false))
        let got = rig.browser(#"{"id":\#(BridgeRig.callID(asked)),"result":{"sessionId":"x-y"}}"#)
        #expect(got == [.attachFailed(1, .refused("The browser gave no usable session name"))])
    }

    @Test("an attach that the browser does not answer fails after ten seconds")
    func attachTimesOut() {
        var rig = BridgeRig.open()
        _ = rig.event(.clientAttached(ClientID(1), root: .browser, isInternal: false))
        #expect(rig.machine.nextDeadline == rig.now.advanced(by: .seconds(10)))
        #expect(rig.wait(.seconds(10)) == [.attachFailed(1, .timedOut)])
        #expect(rig.machine.nextDeadline == nil)
    }

    @Test("without a pipe nobody is attached")
    func noPipe() {
        var rig = BridgeRig()
        let came = BridgeMachine.Event.clientAttached(
            ClientID(1), root: .browser, isInternal: false)
        #expect(rig.event(came) == [.attachFailed(1, .pipeClosed)])
        _ = rig.event(.pipeOpened)
        _ = rig.event(came)
        #expect(rig.event(.pipeClosed) == [.attachFailed(1, .pipeClosed)])
        #expect(rig.event(came) == [.attachFailed(1, .pipeClosed)])
    }

    @Test("the page last used is told of, but not the pages of our own tasks")
    func touchedPages() {
        var rig = rig()
        let moved = { (page: String, address: String) in
            #"{"method":"Target.targetInfoChanged","params":{"targetInfo":{"targetId":"\#(page)","#
                + #""type":"page","title":"","url":"\#(address)"}}}"#
        }
        #expect(rig.browser(moved("of1", "http://a/")) == [.touched("of1")])
        #expect(rig.browser(moved("of1", "http://a/")).isEmpty)
        _ = rig.attach(3, isInternal: true)
        _ = rig.client(3, #"{"id":5,"method":"Target.createTarget","params":{"url":""}}"#)
        _ = rig.browser(made("of3", by: 3, id: 5))
        #expect(rig.browser(moved("of3", "http://b/")).isEmpty)
        #expect(
            rig.browser(#"{"method":"Target.targetDestroyed","params":{"targetId":"of1"}}"#)
                == [.gone("of1")])
    }
}
