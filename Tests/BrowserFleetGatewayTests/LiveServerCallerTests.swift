// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetGateway
import BrowserFleetRuntime
import NIOPosix
import Testing

@Suite struct LiveServerCallerTests {
    private func calling(
        _ body: (LiveServerCaller, SmallServer, ServerEndpoint) async throws -> Void
    ) async throws {
        let caller = LiveServerCaller(group: MultiThreadedEventLoopGroup.singleton)
        do {
            try await SmallServer.with { try await body(caller, $0, $1) }
        } catch {
            try await caller.shutdown()
            throw error
        }
        try await caller.shutdown()
    }

    private func kind(
        of call: ServerCall, by caller: LiveServerCaller
    ) async -> ServerCallError.Kind? {
        do throws(ServerCallError) {
            _ = try await caller.call(call)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `method, path, fields and body arrive, and the answer comes back`() async throws {
        try await calling { caller, _, endpoint in
            let answer = try await caller.call(
                ServerCall(
                    "POST", "/echo?a=%20b", at: endpoint, headers: [("x-mark", "7")],
                    body: Array("hello".utf8)))
            #expect(answer.status == 202)
            #expect(answer.header("X-Server") == "small")
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.hasPrefix("POST /echo?a=%20b hello"))
            #expect(text.contains("x-mark=7"))
            #expect(text.contains("Content-Length=5") || text.contains("content-length=5"))
        }
    }

    @Test func `calls one after the other share a connection, fresh ones do not`() async throws {
        try await calling { caller, server, endpoint in
            for _ in 1...5 { _ = try await caller.call(ServerCall("GET", "/echo", at: endpoint)) }
            #expect(server.connections == 1)
            for _ in 1...3 {
                _ = try await caller.call(ServerCall("GET", "/echo", at: endpoint, isFresh: true))
            }
            #expect(server.connections == 4)
        }
    }

    @Test func `where nothing listens is unreachable, at once`() async throws {
        try await calling { caller, _, _ in
            // Port 1 of this machine: nobody has it.
            let nowhere = ServerEndpoint(scheme: .http, host: "127.0.0.1", port: 1)
            let call = ServerCall("GET", "/", at: nowhere, deadline: .seconds(30))
            let began = ContinuousClock.now
            #expect(await kind(of: call, by: caller) == .unreachable)
            #expect(began.duration(to: .now) < .seconds(20))
        }
    }

    @Test func `a server that speaks no TLS is unreachable by https`() async throws {
        try await calling { caller, server, endpoint in
            let secure = ServerEndpoint(scheme: .https, host: endpoint.host, port: endpoint.port)
            #expect(
                await kind(of: ServerCall("GET", "/", at: secure), by: caller) == .unreachable)
            #expect(server.requests == 0)
        }
    }

    @Test func `a server that says nothing meets the deadline`() async throws {
        try await calling { caller, _, endpoint in
            let call = ServerCall("GET", "/silent", at: endpoint, deadline: .milliseconds(50))
            #expect(await kind(of: call, by: caller) == .deadline)
        }
    }

    @Test func `a connection that ends without an answer is broken, and asked once`() async throws {
        try await calling { caller, server, endpoint in
            let call = ServerCall("GET", "/closing", at: endpoint)
            #expect(await kind(of: call, by: caller) == .broken)
            #expect(server.requests == 1)
        }
    }

    @Test func `an answer over the bound is too large`() async throws {
        try await calling { caller, _, endpoint in
            let call = ServerCall("GET", "/large", at: endpoint, longestAnswer: 4095)
            #expect(await kind(of: call, by: caller) == .tooLarge)
            let enough = ServerCall("GET", "/large", at: endpoint, longestAnswer: 4096)
            #expect(await kind(of: enough, by: caller) == nil)
        }
    }

    @Test func `a redirect is an answer, not a second call`() async throws {
        try await calling { caller, server, endpoint in
            let answer = try await caller.call(ServerCall("GET", "/moved", at: endpoint))
            #expect(answer.status == 302)
            #expect(server.requests == 1)
        }
    }
}
