// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Testing

@Suite("fields are declared once, for bodies, queries and the schema")
struct FieldTableTests {
    private func request(_ text: String) throws -> CreateBrowserRequest {
        try CreateBrowserRequest(checking: try JSONParser.parse(Array(text.utf8)))
    }

    @Test("a full body is read")
    func body() throws {
        let read = try request(
            """
            {"headful":true,"proxy":{"server":"http://p:1","username":"u","password":"w",
             "bypass":"a,b"},"priority":"high","keepAliveMs":1,"idleTimeoutMs":2,
             "maxLifetimeMs":3.0,"queueTimeoutMs":0,"viewport":{"width":4,"height":5},
             "userAgent":"U","locale":"de","timezone":"UTC","args":["--x"],
             "metadata":{"a":"b"},"affinityKey":"k","region":"eu","labels":{"c":"d"}}
            """)
        #expect(read.headful == true && read.priority == .high)
        #expect(
            read.proxy
                == ProxyChoice(server: "http://p:1", username: "u", password: "w", bypass: "a,b"))
        #expect([read.keepAliveMs, read.idleTimeoutMs] == [1, 2])
        #expect([read.maxLifetimeMs, read.queueTimeoutMs] == [3, 0])
        #expect(read.viewport == ViewportSize(width: 4, height: 5))
        #expect([read.userAgent, read.locale, read.timezone] == ["U", "de", "UTC"])
        #expect(read.args == ["--x"] && read.metadata == ["a": "b"] && read.labels == ["c": "d"])
        #expect([read.affinityKey, read.region] == ["k", "eu"])
    }

    @Test("null is the same as absent, and an empty body chooses nothing")
    func absent() throws {
        #expect(try request("{}") == CreateBrowserRequest())
        #expect(try request(#"{"headful":null,"proxy":null}"#) == CreateBrowserRequest())
    }

    @Test("the query of /connect reads the same fields by the same rules")
    func query() throws {
        let pairs: [(name: String, value: String)] = [
            ("headful", "true"), ("proxy", "http://p:1"), ("priority", "low"),
            ("keepAliveMs", "5000"), ("viewport.width", "4"), ("viewport.height", "5"),
            ("args", "--a"), ("args", "--b"), ("metadata.x", "1"), ("metadata.y", "2"),
        ]
        let read = try CreateBrowserRequest(
            checking: try CreateBrowserRequest.fields.tree(fromQuery: pairs))
        #expect(read.headful == true && read.proxy?.server == "http://p:1")
        #expect(read.priority == .low && read.keepAliveMs == 5000)
        #expect(read.viewport == ViewportSize(width: 4, height: 5))
        #expect(read.args == ["--a", "--b"] && read.metadata == ["x": "1", "y": "2"])
    }

    @Test(
        "a bad pair of a query is named",
        arguments: [
            ("colour", "red"), ("headful", "perhaps"), ("keepAliveMs", "5s"),
            ("keepAliveMs.x", "5"), ("viewport", "4x5"), ("viewport.depth", "1"),
        ])
    func badQuery(_ name: String, _ value: String) {
        do throws(FieldFault) {
            _ = try CreateBrowserRequest.fields.tree(fromQuery: [(name, value)])
            Issue.record("\(name)=\(value) was taken")
        } catch {
            #expect(error.path == name)
        }
    }

    @Test("a name that comes twice is refused unless it is a list")
    func twice() {
        #expect(throws: FieldFault.self) {
            try CreateBrowserRequest.fields.tree(
                fromQuery: [("headful", "true"), ("headful", "false")])
        }
    }

    @Test("bounds of counts and lengths are kept")
    func bounds() throws {
        func members(_ count: Int) -> String {
            (0..<count).map { #""k\#($0)":"v""# }.joined(separator: ",")
        }
        _ = try request(#"{"metadata":{\#(members(32))}}"#)
        #expect(throws: FieldFault.self) { try request(#"{"metadata":{\#(members(33))}}"#) }
        let long = String(repeating: "x", count: 512)
        _ = try request(#"{"userAgent":"\#(long)"}"#)
        #expect(throws: FieldFault.self) { try request(#"{"userAgent":"\#(long)x"}"#) }
        #expect(throws: FieldFault.self) { try request(#"{"metadata":{"":"v"}}"#) }
    }

    @Test("secrets of a proxy are in no description and no dump")
    func secrets() throws {
        let read = try request(#"{"proxy":"http://user:hunter2@host:1"}"#)
        var dumped = ""
        dump(read, to: &dumped)
        #expect(!"\(read)".contains("hunter2") && !dumped.contains("hunter2"))
    }

    @Test("the schema names every field and forbids others")
    func schema() {
        let schema = CreateBrowserRequest.fields.schema
        #expect(schema["additionalProperties"] == false)
        for rule in CreateBrowserRequest.fields.rules {
            #expect(schema["properties"]?[rule.name]?["description"] == .string(rule.summary))
        }
    }
}
