// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import NIOCore
import Testing

@testable import BrowserFleetHTTP

/// The client's side of a WebSocket, by hand.
struct SocketClient {
    enum Frame: Equatable {
        case text(String)
        case ping
        case pong(String)
        case close(UInt16, String)
        case other(UInt8)
        case end
    }

    let connection: RawConnection

    /// Sends the handshake and answers what came back.
    static func handshake(
        _ connection: RawConnection, port: Int, path: String, headers: [String] = []
    ) async throws -> RawAnswer {
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + headers
        try await connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try await connection.readAnswer()
    }

    /// Runs `body` with an open socket at a path.
    static func with<Value>(
        port: Int, path: String, headers: [String] = [],
        _ body: (SocketClient) async throws -> Value
    ) async throws -> Value {
        try await RawConnection.with(port: port) { connection in
            let answer = try await handshake(connection, port: port, path: path, headers: headers)
            try #require(answer.status == 101, "\(answer.body)")
            return try await body(SocketClient(connection: connection))
        }
    }

    func send(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true
    ) async throws {
        try await connection.send(
            Self.frame(opcode, payload, isFinal: isFinal, isMasked: isMasked))
    }

    func send(_ text: String) async throws { try await send(1, Array(text.utf8)) }

    static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true
    ) -> [UInt8] {
        let mask: [UInt8] = isMasked ? [0x12, 0x34, 0x56, 0x78] : []
        var bytes = [opcode | (isFinal ? 0x80 : 0)]
        let flag: UInt8 = isMasked ? 0x80 : 0
        if payload.count < 126 {
            bytes.append(flag | UInt8(payload.count))
        } else if payload.count < 65_536 {
            bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        } else {
            bytes.append(flag | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        bytes += mask
        bytes += payload.enumerated().map { isMasked ? $1 ^ mask[$0 & 3] : $1 }
        return bytes
    }

    /// The next frame of the server.
    func next() async throws -> Frame {
        while true {
            if let frame = parse() { return frame }
            guard try await connection.more() else { return .end }
        }
    }

    /// The next frame that is a text or a close.
    func nextMessage() async throws -> Frame {
        while true {
            switch try await next() {
            case .ping: try await send(0xa, [])
            case .pong: break
            case let frame: return frame
            }
        }
    }

    private func parse() -> Frame? {
        var bytes = connection.pending
        guard let first = bytes.readInteger(as: UInt8.self),
            let second = bytes.readInteger(as: UInt8.self)
        else { return nil }
        var length = Int(second)
        if length == 126 {
            guard let wide = bytes.readInteger(as: UInt16.self) else { return nil }
            length = Int(wide)
        } else if length == 127 {
            guard let wide = bytes.readInteger(as: UInt64.self) else { return nil }
            length = Int(wide)
        }
        guard var payload = bytes.readSlice(length: length) else { return nil }
        connection.pending = bytes
        switch first & 0x0f {
        case 1: return .text(String(buffer: payload))
        case 8:
            let code = payload.readInteger(as: UInt16.self) ?? 1005
            return .close(code, String(buffer: payload))
        case 9: return .ping
        case 10: return .pong(String(buffer: payload))
        case let opcode: return .other(opcode)
        }
    }
}
