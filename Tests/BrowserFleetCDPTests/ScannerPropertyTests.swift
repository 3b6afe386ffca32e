// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import Testing

@Suite("The fast scanner agrees with a slow reader")
struct ScannerPropertyTests {
    private static let own = BridgeRig.session(16)
    private static let names = ["", "x", own, BridgeRig.session(1), BridgeRig.session(32)]

    @Test("what is JSON, and what it says", arguments: 0..<UInt64(20))
    func agreesOnJSON(seed: UInt64) {
        var messages = RandomMessages(seed: seed)
        for _ in 0..<500 {
            let text = messages.space() + messages.value(depth: 5) + messages.space()
            let bytes = messages.damaged(text)
            let expected = ReferenceJSON.parse(bytes)
            let found = try? JSONValue.parse(bytes)
            #expect(found == expected, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            // A number beyond the range of Double can be read but not written.
            guard let found, !String(describing: found).contains("inf") else { continue }
            #expect((try? JSONValue.parse(found.encoded())) == found, "seed \(seed): \(text)")
        }
    }

    @Test("what becomes of a client's message", arguments: 100..<UInt64(120))
    func agreesOnCalls(seed: UInt64) {
        var messages = RandomMessages(seed: seed)
        var forwarded = 0
        for _ in 0..<500 {
            let bytes = messages.damaged(messages.call(sessions: Self.names))
            let text = String(decoding: bytes, as: UTF8.self)
            var rig = BridgeRig.open()
            _ = rig.attach(1)
            _ = rig.attach(2)
            _ = rig.attachChild(16, of: 1, page: "P")
            _ = rig.attachChild(32, of: 2, page: "P")
            let got = rig.client(1, bytes: bytes)
            let expected = Self.expectation(ReferenceJSON.parse(bytes))
            #expect(Self.outcome(got) == expected, "seed \(seed): \(text)")
            if case .toBrowser(let sent) = got.first {
                forwarded += 1
                let value = ReferenceJSON.parse(Array(sent.utf8))
                let session = value?["sessionId"]?.stringValue
                #expect(session == Self.own || session == BridgeRig.session(1), "seed \(seed)")
            }
        }
        #expect(forwarded > 5, "seed \(seed) tested nothing")
    }

    enum Outcome: Equatable { case closed, refused, root, child }

    private static func outcome(_ outputs: [BridgeRig.Output]) -> Outcome? {
        switch outputs.first {
        case .close: .closed
        case .toClient: .refused
        case .toBrowser(let text):
            text.hasSuffix(#","sessionId":"\#(BridgeRig.session(1))"}"#)
                || text.contains(#","sessionId":"\#(BridgeRig.session(1))"}"#) ? .root : .child
        case .attached, .attachFailed, .browserClosing, .touched, .gone, nil: nil
        }
    }

    /// What section 7 of the design asks for, said on a message that has been taken apart.
    private static func expectation(_ message: JSONValue?) -> Outcome {
        guard let members = message?.objectValue else { return .closed }
        let names = members.map(\.name)
        guard Set(names).count == names.count,
            names.allSatisfy({ ["id", "method", "params", "sessionId"].contains($0) }),
            case .integer(let id)? = message?["id"], Int32(exactly: id) != nil,
            id >= -2_000_000_000, message?["method"]?.stringValue != nil
        else { return .refused }
        guard let session = message?["sessionId"] else { return .root }
        return session == .string(own) ? .child : .refused
    }

    @Test("nesting is accepted up to a bound and refused beyond it, without a crash")
    func nesting() {
        for (depth, isTaken) in [(1, true), (249, true), (300, false), (200_000, false)] {
            for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
                let inner =
                    String(repeating: open, count: depth) + "1"
                    + String(repeating: close, count: depth)
                var rig = BridgeRig.open()
                _ = rig.attach(1)
                let got = rig.client(1, #"{"id":1,"method":"A.b","params":\#(inner)}"#)
                #expect((got.first == .close(1, .protocolError)) == !isTaken)
            }
        }
    }

    @Test("a text of a hundred thousand opening braces or quotes ends quickly")
    func hostile() {
        for piece in ["{\"a\":", "[", "\"", "\\", "{\"a\":\"\\u0041\",", "\u{7F}", "-", "{}"] {
            var rig = BridgeRig.open()
            _ = rig.attach(1)
            let got = rig.client(1, String(repeating: piece, count: 100_000))
            #expect(got.first == .close(1, .protocolError))
        }
    }
}
