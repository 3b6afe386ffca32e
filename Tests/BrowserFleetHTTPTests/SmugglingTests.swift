// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import BrowserFleetHTTP

@Suite("request smuggling (invariant 14)")
struct SmugglingTests {
    /// Answers every path, and keeps what came whole.
    private final class Recorder: HTTPResponder, Sendable {
        typealias Context = BasicRequestContext
        private let requests = Mutex<[String]>([])

        func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
            let body = try await request.body.collect(upTo: 1 << 20)
            let path = request.head.path ?? ""
            requests.withLock {
                $0.append("\(request.method.rawValue) \(path) \(String(buffer: body))")
            }
            return Response(status: .ok)
        }

        func take() -> [String] {
            requests.withLock { requests in
                defer { requests = [] }
                return requests
            }
        }
    }

    /// Statuses of the answers in what a connection received.
    private static func statuses(_ received: String) -> [Int] {
        var rest = received[...]
        var statuses: [Int] = []
        while let answer = RawAnswer(prefixOf: String(rest)) {
            statuses.append(answer.status)
            rest = Substring(decoding: rest.utf8.dropFirst(answer.length), as: UTF8.self)
        }
        return statuses
    }

    /// Sends every attack to a port and judges what came back and what the recorder saw.
    private static func judgeCorpus(port: Int, _ recorder: Recorder) async throws {
        for attack in SmugglingCorpus.all {
            let received = try await RawConnection.with(port: port) { connection in
                try await connection.send(Self.bytes(attack.text))
                if !attack.isWaiting { connection.finish() }
                return try await connection.readToEnd()
            }
            let (seen, statuses) = (recorder.take(), Self.statuses(received))
            switch attack.verdict {
            case .refused:
                #expect(seen == [], "\(attack.name)")
                #expect(statuses.count == 1, "\(attack.name): \(statuses)")
                #expect(
                    statuses.allSatisfy { (400..<500) ~= $0 }, "\(attack.name): \(statuses)")
            case .read(let requests):
                #expect(seen == requests, "\(attack.name)")
                #expect(statuses == requests.map { _ in 200 }, "\(attack.name)")
            }
        }
    }

    @Test("each of over 120 malformed requests is refused, or read in the one way there is")
    func corpus() async throws {
        #expect(SmugglingCorpus.all.count >= 120)
        #expect(Set(SmugglingCorpus.all.map(\.name)).count == SmugglingCorpus.all.count)
        let recorder = Recorder()
        try await FleetRig.with(routes: recorder) { rig in
            try await Self.judgeCorpus(port: rig.port, recorder)
        }
    }

    @Test("a gateway sends on none of them that a server could read otherwise")
    func corpusThroughGateway() async throws {
        let recorder = Recorder()
        try await FleetRig.with(name: GatewayRig.node, routes: recorder) { node in
            try await GatewayRig.with(node: node.port, everything: true) { rig in
                try await Self.judgeCorpus(port: rig.port, recorder)
            }
        }
    }

    /// Answers the first request after a moment, so that what was sent behind it has come by then.
    private final class Slow: HTTPResponder, Sendable {
        typealias Context = BasicRequestContext
        let paths = Mutex<[String]>([])

        func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
            paths.withLock { $0.append(request.head.path ?? "") }
            try await Task.sleep(for: .milliseconds(300))
            return Response(status: .ok)
        }
    }

    @Test(
        "what stands behind a refused request is not done",
        arguments: [
            "GET /bad HTTP/1.1\r\n\r\n",
            "POST /bad HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        ])
    func behindRefused(refused: String) async throws {
        let slow = Slow()
        try await FleetRig.with(routes: slow) { rig in
            let received = try await RawConnection.with(port: rig.port) { connection in
                try await connection.send(
                    "GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n" + refused
                        + "DELETE /behind HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return try await connection.readToEnd()
            }
            #expect(slow.paths.withLock(\.self) == ["/first"])
            #expect(Self.statuses(received) == [200])
        }
    }

    @Test("each is judged alike when it comes byte by byte")
    func byteByByte() async throws {
        let recorder = Recorder()
        try await FleetRig.with(routes: recorder) { rig in
            for attack in SmugglingCorpus.all where attack.verdict == .refused {
                let received = try await RawConnection.with(port: rig.port) { connection in
                    for byte in Self.bytes(attack.text) {
                        guard (try? await connection.send([byte])) != nil else { break }
                    }
                    connection.finish()
                    return (try? await connection.readToEnd()) ?? ""
                }
                #expect(recorder.take() == [], "\(attack.name)")
                #expect(Self.statuses(received).allSatisfy { (400..<500) ~= $0 }, "\(attack.name)")
            }
        }
    }

    /// The text as bytes: up to U+00FF one each, so that a table can say any byte.
    private static func bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar -> [UInt8] in
            scalar.value < 0x100 ? [UInt8(scalar.value)] : Array(String(scalar).utf8)
        }
    }
}
