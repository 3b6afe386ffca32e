// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
public import BrowserFleetRuntime
public import Metrics
public import NIOCore
import NIOSSL
import Synchronization

/// The data path of a gateway: sends requests on to the servers that own their browsers, and
/// splices WebSockets.
///
/// It decides nothing about servers: whose a request is, and which server is lost, it hears from
/// a ``BrowserFleetRuntime/Forwarding``. One is enough for a process.
public final class Gateway: Sendable {
    private let settings: GatewayLoop.Settings
    private let forwarding: any Forwarding
    private let sign: ForwardSigning
    private let tls: NIOSSLContext
    private let metrics: GatewayMetrics
    private let loops = Mutex<[ObjectIdentifier: LoopEntry]>([:])

    private struct LoopEntry {
        let eventLoop: any EventLoop
        let bound: NIOLoopBound<GatewayLoop>
    }

    /// Creates a gateway that listens to losses of servers.
    ///
    /// - Parameters:
    ///   - configuration: times and bounds.
    ///   - forwarding: knows the owners of browsers.
    ///   - metrics: where measurements go.
    ///   - sign: says to servers on whose behalf a request comes.
    /// - Throws: ``GatewayError`` when the file of certificates cannot be used.
    public init(
        configuration: GatewayConfiguration = GatewayConfiguration(),
        forwarding: any Forwarding, metrics: any MetricsFactory = MetricsSystem.factory,
        sign: @escaping ForwardSigning
    ) throws(GatewayError) {
        self.metrics = GatewayMetrics(factory: metrics)
        settings = GatewayLoop.Settings(configuration)
        self.forwarding = forwarding
        self.sign = sign
        tls = try Self.context(authorities: configuration.certificateAuthorityPath)
        forwarding.onFailure { [weak self] server, failure in
            self?.onEachLoop { $0.heard(of: server, failure) }
        }
    }

    /// Makes the handler of one connection of a client, to be put behind the HTTP parser and in
    /// front of what answers requests here. Called on the connection's event loop.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - eventLoop: its event loop.
    /// - Returns: the handler.
    public func makeForwarder(
        for connection: GatewayConnection, on eventLoop: any EventLoop
    ) -> any RemovableChannelHandler {
        RequestForwarder(connection, on: loop(of: eventLoop))
    }

    /// Waits until no WebSocket passes through any more, but no longer than `grace`, then stops.
    ///
    /// New ones still pass: it is for whoever accepts connections to refuse them.
    public func drain(within grace: Duration) async {
        let entries = loops.withLock { Array($0.values) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for entry in entries {
                    try? await entry.eventLoop.flatSubmit { entry.bound.value.drain() }.get()
                }
            }
            group.addTask { try? await Task.sleep(for: grace) }
            await group.next()
            stop()
            group.cancelAll()
        }
    }

    /// Ends every WebSocket with the reason that this process stops, and drops what is kept.
    public func stop() { onEachLoop { $0.stop() } }

    private func onEachLoop(_ body: @escaping @Sendable (GatewayLoop) -> Void) {
        for entry in loops.withLock({ Array($0.values) }) {
            entry.eventLoop.execute { body(entry.bound.value) }
        }
    }

    private func loop(of eventLoop: any EventLoop) -> GatewayLoop {
        let entry = loops.withLock { loops in
            if let known = loops[ObjectIdentifier(eventLoop)] { return known }
            let loop = GatewayLoop(
                eventLoop, settings: settings, forwarding: forwarding, tls: tls,
                metrics: metrics, sign: sign)
            let new = LoopEntry(
                eventLoop: eventLoop, bound: NIOLoopBound(loop, eventLoop: eventLoop))
            loops[ObjectIdentifier(eventLoop)] = new
            return new
        }
        return entry.bound.value
    }

    private static func context(
        authorities path: String?
    ) throws(GatewayError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let path { configuration.trustRoots = .file(path) }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw GatewayError(
                .badCertificateAuthority,
                "The certificates \(path ?? "of the system") cannot be used: \(error).")
        }
    }
}
