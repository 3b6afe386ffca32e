// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Foundation
import Testing

@testable import BrowserFleetClient

/// What a caller learns from a call that failed.
struct FleetClientErrorTests {
    private func refused(_ status: Int, _ body: String) -> FleetClientError {
        FleetClientError(
            refused: FleetAnswer(
                status: status, contentType: "application/problem+json", body: Data(body.utf8)))
    }

    @Test("a problem document is read whole")
    func problem() throws {
        let sent = Problem(
            .queueFull, "100 callers wait.", instance: "/browsers",
            retryAfter: .seconds(2), queue: .init(position: 100))
        let body = String(decoding: try JSONEncoder().encode(sent), as: UTF8.self)
        let error = refused(503, body)
        #expect(error.problem == sent)
        #expect(error.status == 503)
        #expect(error.message == "queue-full: 100 callers wait.")
    }

    @Test("a code of a later version is told in the server's words")
    func unknownCode() {
        let error = refused(418, #"{"code":"teapot","detail":"short and stout","status":418}"#)
        #expect(error.problem == nil)
        #expect(error.message == "teapot: short and stout")
    }

    @Test("an answer that is no problem document is told by its status")
    func noDocument() {
        #expect(refused(502, "<html>bad gateway</html>").message == "the answer was status 502")
    }

    @Test("a port where nobody listens is unreachable, with the URL")
    func unreachable() async throws {
        let client = FleetClient(url: try #require(URL(string: "http://127.0.0.1:9")))
        let error = await #expect(throws: FleetClientError.self) { _ = try await client.health() }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("http://127.0.0.1:9") == true)
    }

    @Test("a value that does not fit is a malformed answer")
    func malformed() {
        let answer = FleetAnswer(
            status: 200, contentType: "application/json", body: Data(#"{"id":1}"#.utf8))
        let error = #expect(throws: FleetClientError.self) {
            _ = try answer.decoded(as: BrowserResponse.self)
        }
        #expect(error?.code == .malformedAnswer)
    }
}
