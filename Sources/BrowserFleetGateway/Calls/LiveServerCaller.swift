// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import BrowserFleetCore
public import BrowserFleetRuntime
public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Calls other servers over HTTP/1.1, on connections that are kept between calls.
///
/// A call is one attempt: redirects are not followed, a connection that cannot be opened is not
/// tried again. Shut it down before it goes away.
public final class LiveServerCaller: ServerCaller {
    private let client: HTTPClient
    /// Uses each of its connections once.
    private let freshClient: HTTPClient

    /// Creates a caller.
    ///
    /// - Parameters:
    ///   - configuration: how long a connection may take and is kept, and who is trusted.
    ///   - group: the event loops of the connections.
    public init(
        configuration: GatewayConfiguration = GatewayConfiguration(), group: any EventLoopGroup
    ) {
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow, decompression: .disabled)
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let path = configuration.certificateAuthorityPath { tls.trustRoots = .file(path) }
        settings.tlsConfiguration = tls
        settings.httpVersion = .http1Only
        settings.timeout.connect = .nanoseconds(configuration.dialTimeout.wholeNanoseconds)
        settings.connectionPool.idleTimeout = .nanoseconds(
            configuration.keepTimeout.wholeNanoseconds)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            configuration.keptConnections
        settings.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: settings)
        settings.maximumUsesPerConnection = 1
        freshClient = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: settings)
    }

    /// Closes the kept connections; calls under way end with an error.
    public func shutdown() async throws {
        try await client.shutdown()
        try await freshClient.shutdown()
    }

    /// Makes the call.
    public func call(_ call: ServerCall) async throws(ServerCallError) -> ServerAnswer {
        var request = HTTPClientRequest(url: "\(call.endpoint)\(call.path)")
        request.method = HTTPMethod(rawValue: call.method)
        for (name, value) in call.headers { request.headers.add(name: name, value: value) }
        if !call.body.isEmpty { request.body = .bytes(call.body) }
        let deadline = NIODeadline.now() + .nanoseconds(call.deadline.wholeNanoseconds)
        do {
            let response = try await (call.isFresh ? freshClient : client)
                .execute(request, deadline: deadline)
            let body = try await response.body.collect(upTo: call.longestAnswer)
            return ServerAnswer(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name, $0.value) },
                body: Array(body.readableBytesView))
        } catch {
            throw ServerCallError(error, of: call)
        }
    }
}

extension ServerCallError {
    /// What a failure of the HTTP client means for the caller.
    fileprivate init(_ error: any Error, of call: ServerCall) {
        let name = "\(call.method) at \(call.endpoint)"
        switch error {
        case is NIOTooManyBytesError:
            self.init(.tooLarge, "\(name): the answer has over \(call.longestAnswer) bytes")
        case is CancellationError: self.init(.deadline, "\(name): cancelled")
        case let error as HTTPClientError where Self.unseen.contains(error):
            self.init(.unreachable, "\(name): \(error)")
        case let error as HTTPClientError where Self.late.contains(error):
            self.init(.deadline, "\(name): no answer in time")
        case is NIOConnectionError, is NIOSSLError, is SocketAddressError:
            self.init(.unreachable, "\(name): \(error)")
        case let error as IOError where Self.refused.contains(error.errnoCode):
            self.init(.unreachable, "\(name): \(error)")
        case _: self.init(.broken, "\(name): \(error)")
        }
    }

    private static let unseen: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .alreadyShutdown,
        .invalidURL, .emptyHost,
    ]

    private static let late: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .cancelled]

    private static let refused: [CInt] = [
        ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL,
    ]
}
