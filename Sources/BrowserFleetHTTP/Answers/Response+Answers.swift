// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import HTTPTypes
import HummingbirdCore
import NIOCore

extension Response {
    /// A JSON answer.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws(Problem) -> Response {
        guard let body = JSONBody.encode(value) else {
            throw Problem(.internal, "The answer cannot be written as JSON.")
        }
        return .bytes(body, contentType: JSONBody.contentType, status: status)
    }

    /// An answer of bytes. Answers speak of keys and browsers, so nothing may keep them.
    static func bytes(
        _ body: ByteBuffer, contentType: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: contentType, .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: body))
    }

    /// An answer without a body.
    static func empty(_ status: HTTPResponse.Status) -> Response {
        Response(status: status, headers: [.cacheControl: "no-store"])
    }

    /// An error answer.
    static func problem(_ problem: Problem) -> Response {
        var response = Response.bytes(
            ProblemBody.encode(problem), contentType: ProblemBody.contentType,
            status: HTTPResponse.Status(code: problem.status))
        if let seconds = problem.retryAfterSeconds {
            response.headers[.retryAfter] = "\(seconds)"
        }
        if problem.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        if problem.code == .upgradeRequired {
            response.headers[.upgrade] = "websocket"
        }
        if problem.code == .bodyTooLarge {
            // The rest of the body is not read, so nothing can follow on this connection.
            response.headers[.connection] = "close"
        }
        return response
    }
}
