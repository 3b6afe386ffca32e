// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("Messages find their session and their client")
struct RoutingTests {
    @Test("a message without a session goes to the client's own root session")
    func labelsRoot() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        let sent = rig.client(1, #"{"id":7,"method":"Target.getTargets"}"#)
        #expect(
            sent == [
                .toBrowser(
                    #"{"id":7,"method":"Target.getTargets","sessionId":"\#(BridgeRig.session(1))"}"#
                )
            ])
    }

    @Test("what comes from a root session reaches its client without the session's name")
    func stripsRoot() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attach(2)
        let got = rig.browser(#"{"id":7,"result":{},"sessionId":"\#(BridgeRig.session(2))"}"#)
        #expect(got == [.toClient(2, #"{"id":7,"result":{}}"#)])
        let event = rig.browser(
            #"{"method":"Target.targetCreated","params":{},"sessionId":"\#(BridgeRig.session(1))"}"#
        )
        #expect(event == [.toClient(1, #"{"method":"Target.targetCreated","params":{}}"#)])
    }

    @Test("two clients use the same numbers for their calls and get their own answers")
    func sameNumbers() {
        var rig = BridgeRig.open()
        for client in 1...2 {
            _ = rig.attach(client)
            _ = rig.client(client, #"{"id":1,"method":"Browser.getVersion"}"#)
        }
        for client in [2, 1] {
            let got = rig.browser(
                #"{"id":1,"result":{"of":\#(client)},"sessionId":"\#(BridgeRig.session(client))"}"#)
            #expect(got == [.toClient(client, #"{"id":1,"result":{"of":\#(client)}}"#)])
        }
    }

    @Test("a child session that the browser told of is its client's, message by message untouched")
    func childSession() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        let told = rig.attachChild(16, of: 1, page: "P")
        #expect(told.first == .touched("P"))
        #expect(BridgeRig.answers(told, to: 1)[0]["sessionId"] == nil)
        let call = #"{"id":3,"method":"Page.enable","sessionId":"\#(BridgeRig.session(16))"}"#
        #expect(rig.client(1, call) == [.toBrowser(call)])
        let answer = #"{"id":3,"result":{},"sessionId":"\#(BridgeRig.session(16))"}"#
        #expect(rig.browser(answer) == [.toClient(1, answer)])
    }

    @Test("a session below a child is learnt too")
    func grandchild() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attachChild(16, of: 1, page: "P")
        _ = rig.attachChild(17, of: 16, page: "W", type: "worker")
        let call = #"{"id":3,"method":"Runtime.enable","sessionId":"\#(BridgeRig.session(17))"}"#
        #expect(rig.client(1, call) == [.toBrowser(call)])
    }

    @Test(
        "a session that is empty, another client's, one's own root or not a name is refused",
        arguments: [
            #""""#, #""\#(BridgeRig.session(2))""#, #""\#(BridgeRig.session(1))""#,
            #""\#(BridgeRig.session(32))""#, #""nope""#, #""\u0000""#,
            #""\#(BridgeRig.session(32).dropLast())\u0030""#,
        ])
    func foreignSession(name: String) {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attach(2)
        _ = rig.attachChild(32, of: 2, page: "P")
        for key in ["sessionId", #"session\u0049d"#, #"\u0073essionId"#] {
            let got = rig.client(1, #"{"id":5,"method":"Page.enable","\#(key)":\#(name)}"#)
            #expect(BridgeRig.methods(got).isEmpty)
            #expect(BridgeRig.answers(got, to: 1).first?["error"]?["code"] == -32001)
            #expect(BridgeRig.answers(got, to: 1).first?["id"] == 5)
        }
    }

    @Test("a session named with escapes is the session that Chromium takes it for")
    func escapedOwnSession() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attachChild(16, of: 1, page: "P")
        let name = "\\u0030" + BridgeRig.session(16).dropFirst()
        let call = #"{"id":3,"method":"Page.enable","session\u0049d":"\#(name)"}"#
        #expect(rig.client(1, call) == [.toBrowser(call)])
    }

    @Test(
        "an envelope that Chromium would not take is answered in Chromium's words",
        arguments: [
            (#"{}"#, -32600, nil), (#"{"method":"A.b"}"#, -32600, nil),
            (#"{"id":"1","method":"A.b"}"#, -32600, nil),
            (#"{"id":2147483648,"method":"A.b"}"#, -32600, nil),
            (#"{"id":1.0,"method":"A.b"}"#, -32600, nil),
            (#"{"id":-2000000001,"method":"A.b"}"#, -32600, -2_000_000_001),
            (#"{"id":4}"#, -32600, 4), (#"{"id":4,"method":7}"#, -32600, 4),
            (#"{"id":4,"method":"A.b","sessionId":null}"#, -32600, 4),
            (#"{"id":4,"method":"A.b","extra":1}"#, -32600, 4),
            (#"{"id":4,"id":5,"method":"A.b"}"#, -32700, 5),
            (#"{"id":4,"method":"A.b","sessionId":"","session\u0049d":""}"#, -32700, 4),
        ] as [(String, Int, Int?)])
    func badEnvelope(text: String, code: Int, id: Int?) {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        let got = rig.client(1, text)
        #expect(BridgeRig.methods(got).isEmpty)
        #expect(BridgeRig.answers(got, to: 1).first?["error"]?["code"]?.intValue == code)
        #expect(BridgeRig.answers(got, to: 1).first?["id"]?.intValue == id)
    }

    @Test(
        "what is not a JSON object closes the connection",
        arguments: [
            "", " ", "x", "[1]", "7", "null", "\"a\"", #"{"id":1,"method":"A.b"}{}"#,
            #"{"id":1,"method":"A.b""#, #"{"id":01,"method":"A.b"}"#,
            #"{"id":1,/**/"method":"A.b"}"#, #"{"id":1,"method":"A.b",}"#,
            "{\"id\":1,\"method\":\"A.b\0\"}", "{\"id\":1,\"method\":\"A.b\"}\0{}",
        ])
    func notAnObject(text: String) {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        #expect(rig.client(1, text).first == .close(1, .protocolError))
        #expect(rig.client(1, #"{"id":1,"method":"A.b"}"#).isEmpty)
    }

    @Test("bytes that are not UTF-8 close the connection")
    func notUTF8() {
        for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
            var rig = BridgeRig.open()
            _ = rig.attach(1)
            let bytes = Array(#"{"id":1,"method":""#.utf8) + bad + Array(#""}"#.utf8)
            #expect(rig.client(1, bytes: bytes).first == .close(1, .protocolError))
        }
    }

    @Test("a payload that looks like a session's tail does not lead astray")
    func falseTail() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        _ = rig.attach(2)
        let inner = #"{\"sessionId\":\"\#(BridgeRig.session(2))\"}"#
        let got = rig.browser(
            #"{"id":1,"result":{"x":"\#(inner)"},"sessionId":"\#(BridgeRig.session(1))"}"#)
        #expect(got == [.toClient(1, #"{"id":1,"result":{"x":"\#(inner)"}}"#)])
        #expect(rig.browser(#"{"id":1,"result":{"sessionId":"\#(BridgeRig.session(2))"}}"#).isEmpty)
    }

    @Test("a session named elsewhere than at the end is still found")
    func reshaped() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        let got = rig.browser(#"{"sessionId":"\#(BridgeRig.session(1))","result":{},"id":7}"#)
        #expect(got == [.toClient(1, #"{"id":7,"result":{}}"#)])
    }

    @Test("messages of sessions that nobody has go nowhere")
    func unknownSession() {
        var rig = BridgeRig.open()
        _ = rig.attach(1)
        #expect(rig.browser(#"{"id":7,"result":{},"sessionId":"\#(BridgeRig.session(9))"}"#) == [])
        #expect(rig.browser(#"{"method":"A.b","params":{}}"#) == [])
        #expect(rig.browser("garbage") == [])
    }
}
