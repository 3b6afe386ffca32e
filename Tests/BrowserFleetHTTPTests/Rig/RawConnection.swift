// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A TCP connection of bytes: what a test sends is what the server gets.
struct RawConnection {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let reader: Reader

    /// Keeps the iterator, which must be used by one task at a time.
    final class Reader {
        var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        var received = ByteBuffer()
        init(_ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) {
            self.iterator = iterator
        }
    }

    init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.outbound = outbound
        reader = Reader(inbound.makeAsyncIterator())
    }

    /// Runs `body` with a connection to a local port.
    static func with<Value>(
        port: Int, _ body: (RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(inbound, outbound))
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Closes our side; the server may still answer.
    func finish() { outbound.finish() }

    /// Reads more bytes; false at the end.
    func more() async throws -> Bool {
        guard let next = try await reader.iterator.next(isolation: #isolation) else { return false }
        reader.received.writeImmutableBuffer(next)
        return true
    }

    /// What was received and not consumed yet.
    var pending: ByteBuffer {
        get { reader.received }
        nonmutating set { reader.received = newValue }
    }

    /// Reads until what came and was not consumed ends with `mark`, and consumes it.
    func read(upTo mark: String) async throws -> String {
        while true {
            let text = String(buffer: reader.received)
            if let end = text.firstRange(of: mark) {
                let taken = text[..<end.upperBound]
                reader.received.moveReaderIndex(forwardBy: taken.utf8.count)
                return String(taken)
            }
            guard try await more() else { throw RawAnswer.Missing(received: text) }
        }
    }

    /// Everything until the server closes.
    func readToEnd() async throws -> String {
        while try await more() {}
        defer { reader.received.clear() }
        return String(buffer: reader.received)
    }

    /// Reads one answer with a `Content-Length`, and leaves what comes behind it.
    func readAnswer() async throws -> RawAnswer {
        while true {
            let text = String(buffer: reader.received)
            if let answer = RawAnswer(prefixOf: text) {
                reader.received.moveReaderIndex(forwardBy: answer.length)
                return answer
            }
            guard try await more() else { throw RawAnswer.Missing(received: text) }
        }
    }
}

/// An HTTP answer as it came.
struct RawAnswer {
    struct Missing: Error {
        var received: String
    }

    var status: Int
    var headers: [(name: String, value: String)]
    var body: String
    /// Bytes in all.
    var length: Int

    /// Reads the answer at the beginning of a text; `nil` while it is not whole.
    init?(prefixOf text: String) {
        guard let headEnd = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<headEnd.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        self.status = status
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? String(parts[1]) : ""
            return (parts[0].lowercased(), String(value.drop { $0 == " " }))
        }
        let bodyLength =
            headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        let rest = Array(text[headEnd.upperBound...].utf8)
        guard rest.count >= bodyLength else { return nil }
        body = String(decoding: rest[..<bodyLength], as: UTF8.self)
        length = text[..<headEnd.upperBound].utf8.count + bodyLength
    }

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
}
