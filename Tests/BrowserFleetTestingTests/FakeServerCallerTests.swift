// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@Suite struct FakeServerCallerTests {
    private let one = ServerEndpoint(scheme: .http, host: "one.test", port: 3000)
    private let two = ServerEndpoint(scheme: .http, host: "two.test", port: 3000)

    @Test func `each endpoint is answered by its own server`() async throws {
        let caller = FakeServerCaller()
        caller.serve(one) { call in ServerAnswer(status: 200, body: Array(call.path.utf8)) }
        caller.serve(two) { _ in ServerAnswer(status: 503, headers: [("Retry-After", "2")]) }
        let first = try await caller.call(ServerCall("GET", "/health", at: one))
        #expect(first.status == 200)
        #expect(first.body == Array("/health".utf8))
        let second = try await caller.call(ServerCall("GET", "/health", at: two))
        #expect(second.status == 503)
        #expect(second.header("retry-after") == "2")
    }

    @Test func `where nothing listens is unreachable, also once a server is taken away`() async {
        let caller = FakeServerCaller()
        await #expect { try await caller.call(ServerCall("GET", "/", at: one)) } throws: {
            ($0 as? ServerCallError)?.isUnseen == true
        }
        caller.serve(one) { _ in ServerAnswer(status: 204) }
        caller.remove(one)
        await #expect { try await caller.call(ServerCall("GET", "/", at: one)) } throws: {
            ($0 as? ServerCallError)?.kind == .unreachable
        }
        #expect(caller.calls.count == 2)
    }

    @Test func `an answer over the bound is an error, as with real servers`() async {
        let caller = FakeServerCaller()
        caller.serve(one) { _ in ServerAnswer(status: 200, body: [1, 2, 3]) }
        await #expect {
            try await caller.call(ServerCall("GET", "/", at: one, longestAnswer: 2))
        } throws: { ($0 as? ServerCallError)?.kind == .tooLarge }
    }

    @Test func `a server may fail as it likes`() async {
        let caller = FakeServerCaller()
        caller.serve(one) { _ throws(ServerCallError) in
            throw ServerCallError(.deadline, "it sleeps")
        }
        await #expect { try await caller.call(ServerCall("GET", "/", at: one)) } throws: {
            ($0 as? ServerCallError)?.kind == .deadline
        }
    }
}
