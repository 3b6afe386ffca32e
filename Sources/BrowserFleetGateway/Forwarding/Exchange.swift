// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import NIOHTTP1

/// One request that is with another server, and how far it and its answer have come.
final class Exchange {
    let head: HTTPRequestHead
    let server: ServerName
    let endpoint: ServerEndpoint
    let isUpgrade: Bool
    /// Whether the server is known to be silent, so that its answer has to begin soon.
    var isSilent: Bool
    /// The connection it is on; `nil` while one is opened.
    var upstream: UpstreamConnection?
    /// Whether more of the request is to come.
    var isRequestOpen = true
    /// Whether the answer's head has come.
    private(set) var isAnswerBegun = false
    /// Whether the answer is whole.
    var isAnswered = false
    /// Whether the answer makes a tunnel of the connections.
    var isSwitching = false { didSet { isAnswerBegun = isAnswerBegun || isSwitching } }
    /// Whether the client was told that its connection ends with the answer.
    var isLast = false
    private var keepsConnection = false
    private var wasRepeated = false
    private var early: [HTTPClientRequestPart] = []

    init(
        _ head: HTTPRequestHead, with server: ServerName, at endpoint: ServerEndpoint,
        isSilent: Bool
    ) {
        self.head = head
        self.server = server
        self.endpoint = endpoint
        self.isSilent = isSilent
        isUpgrade = head.isUpgrade
    }

    /// Sends a part of the request, now or once there is a connection.
    func send(_ part: HTTPClientRequestPart) {
        if let upstream { upstream.send(part) } else { early.append(part) }
    }

    /// The parts that came before the connection.
    func takeEarly() -> [HTTPClientRequestPart] {
        defer { early = [] }
        return early
    }

    /// Whether more of the request, or of what comes behind it, may be read from the client.
    var takesRequest: Bool {
        guard !isUpgrade else { return false }
        return !isRequestOpen || upstream?.isWritable ?? false
    }

    /// The answer's head has come.
    func begin(_ answer: HTTPResponseHead) {
        isAnswerBegun = true
        keepsConnection = answer.isKeepAlive
    }

    /// Whether the server's connection can carry another request once this exchange is over.
    var isReusable: Bool { keepsConnection && !isRequestOpen }

    /// Whether the client's connection has to end with the answer: behind a refused handshake
    /// nothing can be read, and a server that closes takes no more of the request.
    var isLastOfConnection: Bool { isUpgrade || (isRequestOpen && !keepsConnection) }

    /// Whether a connection that ended without an answer was merely an old one, so that the
    /// request may go once more.
    var mayRepeat: Bool {
        !isAnswerBegun && !wasRepeated && !isRequestOpen && head.isRepeatable
            && upstream?.isUsed == true
    }

    /// Forgets the connection, for one more attempt on a new one.
    func repeatOnce() {
        wasRepeated = true
        upstream = nil
        early = [.end(nil)]
    }
}
