// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import HTTPTypes
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// JSON as it leaves the server.
enum JSONBody {
    /// The content type of answers that are no problem.
    static let contentType = "application/json"

    /// Encodes an answer; `nil` only for values that JSON cannot hold, which ours never are.
    static func encode(_ value: some Encodable) -> ByteBuffer? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return nil }
        return ByteBuffer(bytes: data)
    }
}

/// The body of an error answer.
enum ProblemBody {
    /// RFC 9457.
    static let contentType = "application/problem+json"

    /// Encodes a problem.
    static func encode(_ problem: Problem) -> ByteBuffer {
        JSONBody.encode(problem) ?? ByteBuffer()
    }

    /// The answer to a request that never became a call; the connection ends with it.
    static func answer(
        _ problem: Problem, _ identity: CallIdentity
    ) -> (HTTPResponseHead, ByteBuffer) {
        let body = encode(problem)
        var headers = HTTPHeaders([
            ("content-type", contentType), ("connection", "close"),
            ("content-length", "\(body.readableBytes)"),
            (HTTPField.Name.requestID.rawName, identity.text),
        ])
        if let seconds = problem.retryAfterSeconds {
            headers.add(name: "retry-after", value: "\(seconds)")
        }
        if problem.code == .upgradeRequired {
            headers.add(name: "sec-websocket-version", value: "13")
        }
        let status = HTTPResponseStatus(statusCode: problem.status)
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), body)
    }
}
