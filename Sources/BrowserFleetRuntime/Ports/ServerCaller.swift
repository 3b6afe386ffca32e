// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// The port to other servers: one HTTP exchange with one of them, bounded in time and size.
///
/// Live: `LiveServerCaller` in `BrowserFleetGateway`. Controllable and unimplemented twins are in
/// `BrowserFleetTesting`.
public protocol ServerCaller: Sendable {
    /// Makes one attempt; never a second one.
    ///
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``ServerCallError`` when there is no whole answer.
    func call(_ call: ServerCall) async throws(ServerCallError) -> ServerAnswer
}

/// One call to another server.
public struct ServerCall: Sendable {
    /// The server; from the registry or the settings, never from a client.
    public var endpoint: ServerEndpoint
    /// The method, in capitals.
    public var method: String
    /// The path with its query, encoded as it goes over the wire.
    public var path: String
    /// Header fields in their order, `Host` and `Content-Length` excepted.
    public var headers: [(name: String, value: String)]
    /// The body; empty for none.
    public var body: [UInt8]
    /// How long the whole exchange may take, the connection included.
    public var deadline: Duration
    /// The most bytes that the body of the answer may have.
    public var longestAnswer: Int
    /// Whether the call opens a connection of its own: a kept one may be all that still works.
    public var isFresh: Bool

    /// Creates a call.
    public init(
        _ method: String, _ path: String, at endpoint: ServerEndpoint,
        headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        deadline: Duration = .seconds(5), longestAnswer: Int = 1 << 20, isFresh: Bool = false
    ) {
        self.endpoint = endpoint
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.longestAnswer = longestAnswer
        self.isFresh = isFresh
    }
}

/// What another server answered.
public struct ServerAnswer: Sendable {
    /// The HTTP status.
    public var status: Int
    /// Header fields in their order.
    public var headers: [(name: String, value: String)]
    /// The whole body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header field; names are compared without regard to case.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}
