// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("When a session ends, no call stays without an answer")
struct SessionEndTests {
    private static let gone =
        #""error":{"code":-32001,"message":"Session with given id not found."}"#

    /// A client with a page session in which the calls `ids` wait.
    private func rig(pending ids: [Int]) -> BridgeRig {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attachChild(16, of: 1, page: "P")
        for id in ids {
            _ = rig.client(
                1, #"{"id":\#(id),"method":"A.b","sessionId":"\#(BridgeRig.session(16))"}"#)
        }
        return rig
    }

    @Test("the calls in flight are answered after the event that tells of the end")
    func answersPending() {
        var rig = rig(pending: [5, 3, 4])
        _ = rig.browser(#"{"id":4,"result":{},"sessionId":"\#(BridgeRig.session(16))"}"#)
        let got = rig.detachChild(16, of: 1)
        #expect(BridgeRig.answers(got, to: 1).first?["method"] == "Target.detachedFromTarget")
        #expect(
            Array(got.dropFirst())
                == [3, 5].map {
                    .toClient(
                        1, #"{"id":\#($0),\#(Self.gone),"sessionId":"\#(BridgeRig.session(16))"}"#)
                })
    }

    @Test("the late error of a call that was answered at the end is not delivered to anybody")
    func swallowsLateErrors() {
        var rig = rig(pending: [3])
        _ = rig.attach(2)
        _ = rig.attachChild(32, of: 2, page: "P")
        _ = rig.client(2, #"{"id":3,"method":"A.b","sessionId":"\#(BridgeRig.session(32))"}"#)
        _ = rig.detachChild(16, of: 1)
        #expect(rig.browser(#"{"id":3,\#(Self.gone)}"#) == [])
        // Client 2 still gets its own.
        let answer = #"{"id":3,"result":{},"sessionId":"\#(BridgeRig.session(32))"}"#
        #expect(rig.browser(answer) == [.toClient(2, answer)])
    }

    @Test("an error without a session finds the one client that can be meant")
    func findsClient() {
        var rig = rig(pending: [3])
        _ = rig.attach(2)
        _ = rig.client(2, #"{"id":3,"method":"A.b"}"#)
        let error = #"{"id":3,\#(Self.gone)}"#
        #expect(rig.browser(error) == [.toClient(1, error)])
        #expect(rig.browser(error) == [])
    }

    @Test("an error without a session that two clients could mean is left to the session's end")
    func ambiguous() {
        var rig = rig(pending: [3])
        _ = rig.attachChild(17, of: 1, page: "Q")
        _ = rig.client(1, #"{"id":3,"method":"A.b","sessionId":"\#(BridgeRig.session(17))"}"#)
        #expect(rig.browser(#"{"id":3,\#(Self.gone)}"#) == [])
        #expect(BridgeRig.answers(rig.detachChild(16, of: 1), to: 1).count == 2)
    }

    @Test("sessions below one that ends go with it, though Chromium tells only of the first")
    func endsDescendants() {
        var rig = rig(pending: [3])
        _ = rig.attachChild(17, of: 16, page: "W", type: "worker")
        _ = rig.attachChild(18, of: 17, page: "V", type: "worker")
        let call = #"{"id":9,"method":"A.b","sessionId":"\#(BridgeRig.session(18))"}"#
        _ = rig.client(1, call)
        let got = BridgeRig.answers(rig.detachChild(16, of: 1), to: 1)
        #expect(got.dropFirst().map { $0["id"] } == [3, 9])
        #expect(BridgeRig.answers(rig.client(1, call), to: 1)[0]["error"]?["code"] == -32001)
    }

    @Test("a client cannot end a session that was not attached through its own")
    func foreignEnd() {
        var rig = rig(pending: [])
        _ = rig.attach(2)
        _ = rig.detachChild(16, of: 2)
        let call = #"{"id":3,"method":"A.b","sessionId":"\#(BridgeRig.session(16))"}"#
        #expect(rig.client(1, call) == [.toBrowser(call)])
    }

    @Test("the page of a page client goes: its calls are answered and its connection closes")
    func pageClient() {
        var rig = BridgeRig.open()
        let attached = rig.attach(1, root: .target("P"))
        #expect(BridgeRig.methods(attached) == ["Target.attachToTarget"])
        #expect(attached.suffix(2) == [.attached(1), .touched("P")])
        _ = rig.client(1, #"{"id":3,"method":"A.b"}"#)
        let got = rig.browser(
            #"{"method":"Target.detachedFromTarget","params":{"sessionId":"\#(BridgeRig.session(1))"}}"#
        )
        #expect(got == [.toClient(1, #"{"id":3,\#(Self.gone)}"#), .close(1, .targetClosed)])
    }

    @Test("calls over the bound are refused until answers come")
    func boundsPending() {
        var configuration = BridgeMachine.Configuration()
        configuration.maximumPendingCalls = 2
        var rig = BridgeRig.open(configuration)
        _ = rig.attach(1)
        for id in 1...2 { _ = rig.client(1, #"{"id":\#(id),"method":"A.b"}"#) }
        let refused = rig.client(1, #"{"id":3,"method":"A.b"}"#)
        #expect(BridgeRig.answers(refused, to: 1)[0]["error"]?["code"] == -32000)
        _ = rig.browser(#"{"id":1,"result":{},"sessionId":"\#(BridgeRig.session(1))"}"#)
        #expect(BridgeRig.methods(rig.client(1, #"{"id":3,"method":"A.b"}"#)) == ["A.b"])
    }

    @Test("sessions over the bound are detached as they come and not told of")
    func boundsSessions() {
        var configuration = BridgeMachine.Configuration()
        configuration.maximumSessions = 2
        var rig = BridgeRig.open(configuration)
        _ = rig.attach(1)
        _ = rig.attachChild(16, of: 1, page: "P")
        let got = rig.attachChild(17, of: 1, page: "Q", waiting: true)
        #expect(BridgeRig.methods(got) == ["Target.detachFromTarget"])
        #expect(BridgeRig.answers(got, to: 1).isEmpty)
        #expect(BridgeRig.calls(got)[0]["sessionId"]?.stringValue == BridgeRig.session(1))
    }
}
