// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// What a forwarded port makes of requests.
struct ForwardedRequestTests {
    private let id = "localhost_a1"

    private func request(_ line: String, _ headers: String...) throws -> ForwardedRequest {
        let lines = [line] + (headers.isEmpty ? ["Host: localhost:9222"] : headers)
        return try #require(ForwardedRequest(head: lines.joined(separator: "\r\n")))
    }

    @Test(
        "discovery paths are those of Chromium, with and without a slash",
        arguments: [
            ("/json", "json/list"), ("/json/", "json/list"), ("/json/list", "json/list"),
            ("/json/version", "json/version"), ("/json/version/", "json/version"),
            ("/json/protocol", "json/protocol"), ("/json/list?for_tab", "json/list"),
        ])
    func discovery(_ path: String, _ expected: String) throws {
        #expect(try request("GET \(path) HTTP/1.1").route(to: id) == .discovery(expected))
    }

    @Test(
        "sockets are those of Chromium",
        arguments: [
            ("/devtools/browser/x", "/browsers/localhost_a1"),
            ("/devtools/browser", "/browsers/localhost_a1"),
            ("/devtools/page/T1", "/browsers/localhost_a1/devtools/page/T1"),
        ])
    func sockets(_ path: String, _ expected: String) throws {
        let asked = try request(
            "GET \(path) HTTP/1.1", "Host: 127.0.0.1:9222", "Upgrade: websocket")
        #expect(asked.route(to: id) == .socket(expected))
    }

    @Test(
        "pages, and names bent to this machine, are refused",
        arguments: [
            ["Host: localhost:9222", "Origin: https://evil.example"],
            ["Host: evil.example:9222"], ["Host: 127.0.0.1.evil.example"],
        ])
    func strangers(_ headers: [String]) throws {
        let head = (["GET /json/version HTTP/1.1"] + headers).joined(separator: "\r\n")
        let asked = try #require(ForwardedRequest(head: head))
        guard case .refused(403, _) = asked.route(to: id) else {
            Issue.record("\(headers) went through")
            return
        }
    }

    @Test(
        "heads that are none are not read",
        arguments: [
            "", "GET", "GET / SPDY/3", "GET http://a/ HTTP/1.1", "GET / HTTP/1.1\r\nno colon",
        ])
    func malformed(_ head: String) {
        #expect(ForwardedRequest(head: head) == nil)
    }

    @Test("what goes on has the fleet's host and key and none of the asker's")
    func forwarded() throws {
        let asked = try request(
            "GET /devtools/page/T1 HTTP/1.1", "Host: localhost:9222", "Upgrade: websocket",
            "Origin: devtools://devtools", "X-API-Key: theirs", "Sec-WebSocket-Key: abc")
        let sent = asked.forwarded(to: "/browsers/b", host: "fleet:3000", key: "ours")
        #expect(
            sent.head == "GET /browsers/b HTTP/1.1\r\nhost: fleet:3000\r\nupgrade: websocket\r\n"
                + "sec-websocket-key: abc\r\nx-api-key: ours\r\n\r\n")
    }
}
