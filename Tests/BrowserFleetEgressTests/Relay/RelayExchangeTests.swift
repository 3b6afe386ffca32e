// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import BrowserFleetEgress

@Suite(.timeLimit(.minutes(1))) struct RelayExchangeTests {
    @Test("a plain request reaches the server in origin form, without what belongs to the hop")
    func plainRequest() async throws {
        let fields = """
            Host: wrong.example\r\nAccept: */*\r\n\
            Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\n\
            Connection: X-Drop\r\nX-Drop: 1\r\nX-Keep: 2\r\nTE: trailers\r\n
            """
        try await RelayedExchange.with(path: "/a?b=c", fields: fields) { exchange in
            #expect(
                exchange.head == "GET /a?b=c HTTP/1.1\r\nHost: \(exchange.outside.rule)\r\n"
                    + "Accept: */*\r\nX-Keep: 2\r\n\r\n")
            try await exchange.server.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\nX-A: b\r\n\r\nok")
            let answer = try await exchange.client.read(through: "\r\n\r\nok")
            #expect(answer == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok")
        }
    }

    @Test("one kept connection asks two hosts in turn, and the first again over its old connection")
    func twoHosts() async throws {
        let one = try await Outside.start()
        let two = try await Outside.start()
        let relay = try await TestRelay.start(allow: "\(one.rule) \(two.rule)")
        let client = try await relay.connect()
        func ask(_ outside: Outside, _ path: String) async throws {
            try await client.write("GET http://\(outside.rule)\(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        func answer(_ peer: Peer, _ path: String, _ body: String) async throws {
            #expect(try await peer.read(through: "\r\n\r\n").hasPrefix("GET \(path) "))
            try await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(body)")
            #expect(try await client.read(through: "\r\n\r\n\(body)").hasPrefix("HTTP/1.1 200"))
        }
        try await ask(one, "/1")
        let first = try await one.accept()
        try await answer(first, "/1", "a")
        try await ask(one, "/2")
        try await answer(first, "/2", "b")
        try await ask(two, "/3")
        try await answer(try await two.accept(), "/3", "c")
        #expect(await first.readToEnd() == "", "the connection to the first host is given up")
        await relay.relay.stop()
        #expect(relay.relay.traffic.connections == 1)
        await one.stop()
        await two.stop()
    }

    @Test("requests sent in one breath are answered in order")
    func pipelined() async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let client = try await relay.connect()
        let request = "GET http://\(outside.rule)/ HTTP/1.1\r\nHost: x\r\n\r\n"
        try await client.write(request + request)
        let server = try await outside.accept()
        for body in ["1", "2"] {
            _ = try await server.read(through: "\r\n\r\n")
            try await server.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(body)")
            _ = try await client.read(through: "\r\n\r\n\(body)")
        }
        await relay.relay.stop()
        await outside.stop()
    }

    @Test("request bodies pass, counted and chunked, after 100-continue too")
    func bodies() async throws {
        let counted = "Host: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
        try await RelayedExchange.with("POST", fields: counted) { exchange in
            let (client, server) = (exchange.client, exchange.server)
            #expect(exchange.head.contains("Expect: 100-continue"))
            try await server.write("HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await client.read(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.write("abc")
            #expect(try await server.read(count: 3) == "abc")
            try await server.write("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(try await client.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 204"))
            try await exchange.ask("POST", fields: "Host: x\r\nTransfer-Encoding: chunked\r\n")
            try await client.write("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            let chunked = try await server.read(through: "0\r\n\r\n")
            #expect(chunked.contains("Transfer-Encoding: chunked"))
            #expect(chunked.hasSuffix("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
        }
    }

    @Test(
        "chunked answers, answers that end with their connection, and answers to HEAD keep their end"
    )
    func answerFraming() async throws {
        try await RelayedExchange.with("HEAD") { exchange in
            let (client, server) = (exchange.client, exchange.server)
            let start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            try await server.write(start)
            #expect(try await client.read(through: "\r\n\r\n") == "HTTP/1.1 200 OK\r\n\r\n")
            try await exchange.ask()
            _ = try await server.read(through: "\r\n\r\n")
            try await server.write(start)
            try await server.write("1\r\nx\r\n0\r\n\r\n")
            #expect(
                try await client.read(through: "0\r\n\r\n") == start + "1\r\nx\r\n0\r\n\r\n")
            try await exchange.ask()
            _ = try await server.read(through: "\r\n\r\n")
            try await server.write("HTTP/1.0 200 OK\r\n\r\ntail")
            await server.close()
            let tail = try await client.read(through: "0\r\n\r\n")
            #expect(tail.hasPrefix(start) && tail.hasSuffix("4\r\ntail\r\n0\r\n\r\n"))
            try await exchange.ask()
            let next = try await exchange.outside.accept()
            #expect(try await next.read(through: "\r\n\r\n").hasPrefix("GET / "))
        }
    }

    @Test("an answer cut short is cut short for the browser too")
    func truncated() async throws {
        try await RelayedExchange.with { exchange in
            try await exchange.server.write(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
            await exchange.server.close()
            #expect(await !exchange.client.readToEnd().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test(
        "a server that breaks HTTP, asks for a proxy password or switches protocols is answered 502",
        arguments: [
            "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
                + "Content-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ])
    func brokenServer(answer: String) async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        async let answered = relay.get("http://\(outside.rule)/")
        let server = try await outside.accept()
        _ = try await server.read(through: "\r\n\r\n")
        try await server.write(answer)
        let text = try await answered
        #expect(text.hasPrefix("HTTP/1.1 502 "))
        #expect(!text.contains("Proxy-Authenticate"))
        await relay.relay.stop()
        #expect(relay.relay.traffic.failed == [.protocolError: 1])
        await outside.stop()
    }

    @Test(
        "a request that cannot be read is answered, and nothing is dialled",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "400"), ("BREW x\r\n\r\n", "400"),
            ("CONNECT x HTTP/1.1\r\n\r\n", "400"), ("GET https://h/ HTTP/1.1\r\n\r\n", "400"),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "400"),
            ("POST http://127.0.0.1/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", ""),
        ])
    func unreadable(request: String, status: String) async throws {
        let relay = try await TestRelay.start()
        let client = try await relay.connect()
        try await client.write(request)
        let answer = await client.readToEnd()
        #expect(status.isEmpty || answer.hasPrefix("HTTP/1.1 \(status) "))
        await relay.relay.stop()
        #expect(relay.relay.traffic.bytesSent == 0)
    }

    @Test("a head with too many bytes or fields is answered 431", arguments: [true, false])
    func hugeHead(isOneField: Bool) async throws {
        let relay = try await TestRelay.start()
        let client = try await relay.connect()
        let fields =
            isOneField
            ? "X: " + String(repeating: "y", count: 70_000)
            : String(repeating: "X: y\r\n", count: 300)
        try await client.write("GET http://h/ HTTP/1.1\r\n" + fields + "\r\n\r\n")
        #expect(await client.readToEnd().hasPrefix("HTTP/1.1 431 "))
        await relay.relay.stop()
    }

    @Test("a kept connection that the server dropped leaves the repeat to the browser")
    func staleConnection() async throws {
        try await RelayedExchange.with { exchange in
            let (client, server) = (exchange.client, exchange.server)
            try await server.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
            _ = try await client.read(through: "\r\n\r\n1")
            try await exchange.ask()
            _ = try await server.read(through: "\r\n\r\n")
            await server.close()
            #expect(await client.readToEnd() == "")
        }
    }

    @Test("a browser that leaves while it waits takes its connection to the server along")
    func clientGone() async throws {
        try await RelayedExchange.with { exchange in
            await exchange.client.close()
            #expect(await exchange.server.readToEnd() == "")
        }
    }
}
