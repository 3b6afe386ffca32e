// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetEgress

/// A browser and a server outside with a relay between them, once the server has a first request.
struct RelayedExchange {
    let outside: Outside
    let relay: TestRelay
    /// The browser's connection to the relay.
    let client: Peer
    /// The relay's connection to the server.
    let server: Peer
    /// The head of the first request, as the server got it.
    let head: String

    /// Sends a request of `fields` for the server, runs `body` once it is there, and ends all.
    static func with(
        _ method: String = "GET", path: String = "/", fields: String = "Host: x\r\n",
        _ body: (RelayedExchange) async throws -> Void
    ) async throws {
        let outside = try await Outside.start()
        let relay = try await TestRelay.start(allow: outside.rule)
        let client = try await relay.connect()
        try await client.write(request(method, outside, path, fields))
        let server = try await outside.accept()
        let head = try await server.read(through: "\r\n\r\n")
        try await body(
            RelayedExchange(
                outside: outside, relay: relay, client: client, server: server, head: head))
        await relay.relay.stop()
        await outside.stop()
    }

    /// Sends another request for the server.
    func ask(_ method: String = "GET", fields: String = "Host: x\r\n") async throws {
        try await client.write(Self.request(method, outside, "/", fields))
    }

    private static func request(
        _ method: String, _ outside: Outside, _ path: String, _ fields: String
    ) -> String {
        "\(method) http://\(outside.rule)\(path) HTTP/1.1\r\n\(fields)\r\n"
    }
}
