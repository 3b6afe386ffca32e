// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetDevTools
public import BrowserFleetRuntime
public import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// The REST API, the WebSockets and an embedder's own routes, on one port.
///
/// Run it in a service group behind the pool, so that at a shutdown the pool drains first and the
/// server answers until the last browser is gone:
///
/// ```swift
/// let server = try FleetHTTPServer(configuration: .init(), pool: pool, keys: keys)
/// let group = ServiceGroup(services: [server, pool], logger: logger)
/// ```
public final class FleetHTTPServer<Launcher: BrowserLauncher>: Service
where Launcher.Browser: DevToolsServing & PageRendering {
    /// Answers the paths that are not the fleet's.
    public typealias Routes = any HTTPResponder<BasicRequestContext>

    private let service: FleetService<Launcher>
    private let fallback: Routes?
    private let forwarding: RequestForwarding?
    private let group: any EventLoopGroup
    private let tls: TLSFiles?
    private let binding: PortBinding
    private let logger: Logger

    /// Creates a server that does not listen yet.
    ///
    /// - Parameters:
    ///   - configuration: what the operator decided.
    ///   - pool: the browsers.
    ///   - keys: who may call.
    ///   - tokens: makes and checks the tokens in `wss` URLs.
    ///   - metrics: what `/metrics` shows; hand the same to `MetricsSystem.bootstrap`.
    ///   - needs: what else `/health/ready` depends on, such as a store; the first word counts.
    ///   - records: the fleet's store; with it there are `/events` and `/audit`.
    ///   - audit: takes the audit lines besides the log; by default the store does.
    ///   - routes: an embedder's responder for every path that is not the fleet's; Hummingbird's
    ///     `Router.buildResponder()` makes one.
    ///   - forwarding: sends requests about browsers of other servers on to them; without it they
    ///     are refused.
    ///   - group: the event loops; use those of the browsers' pipes.
    ///   - logger: hears of the start and of faults.
    /// - Throws: ``HTTPServerError`` when a setting cannot be used, or when the address is beyond
    ///   loopback and there is no key.
    public convenience init(
        configuration: HTTPConfiguration, pool: BrowserPool<Launcher>, keys: KeyRing,
        tokens: TokenSigner = .forThisProcess(),
        metrics: PrometheusRegistry = PrometheusRegistry(), needs: [any Readiness] = [],
        records: FleetRecords? = nil, audit: (any EntrySink)? = nil, routes: Routes? = nil,
        forwarding: RequestForwarding? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = Logger(label: "browserfleet.http")
    ) throws(HTTPServerError) {
        try self.init(
            configuration: configuration, pool: pool, keys: keys, tokens: tokens, metrics: metrics,
            needs: needs, records: records, audit: audit, routes: routes, forwarding: forwarding,
            group: group, fleet: nil, logger: logger)
    }

    /// Creates a server of a fleet.
    package init(
        configuration: HTTPConfiguration, pool: BrowserPool<Launcher>, keys: KeyRing,
        tokens: TokenSigner, metrics: PrometheusRegistry, needs: [any Readiness] = [],
        records: FleetRecords? = nil, audit: (any EntrySink)? = nil, routes: Routes? = nil,
        forwarding: RequestForwarding? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, fleet: FleetLink?,
        logger: Logger
    ) throws(HTTPServerError) {
        try Self.check(configuration, keys)
        tls = try configuration.tls.map { files throws(HTTPServerError) in
            try TLSFiles(files, now: { pool.clock.now }, logger: logger)
        }
        service = FleetService(
            configuration: configuration, pool: pool, keys: keys, tokens: tokens,
            registry: metrics, needs: needs, records: records, audit: audit, fleet: fleet,
            logger: logger)
        fallback = routes
        self.forwarding = forwarding
        binding = PortBinding()
        self.group = group
        self.logger = logger
    }

    /// The port that the server listens on; waits until it does.
    ///
    /// - Throws: ``HTTPServerError`` when it cannot listen.
    public var boundPort: Int {
        get async throws { try await binding.port() }
    }

    /// Serves until the service group shuts down, then lets requests under way finish.
    ///
    /// - Throws: ``HTTPServerError`` with one clear line when the port is in use.
    public func run() async throws {
        let configuration = service.configuration
        do throws(HTTPServerError) {
            try await service.authenticator.jwt?.load()
        } catch {
            binding.failed(error)
            throw error
        }
        let server = childChannel().server(
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024),
            onServerRunning: { [service, binding] channel in
                let port = channel.localAddress?.port ?? configuration.port
                service.boundPort = port
                binding.bound(to: port)
            }, eventLoopGroup: group, logger: logger.quieter)
        do {
            try await server.run()
            binding.failed(HTTPServerError(.stopped, "The server has stopped."))
        } catch {
            let fault = HTTPServerError(listening: error, configuration)
            binding.failed(fault)
            throw fault
        }
    }

    private func childChannel() -> FleetChildChannel {
        let configuration = service.configuration
        var gate = UpgradeGateSettings(
            decision: { [service] in await service.decide($0) }, connections: service.connections)
        gate.proxies = configuration.trustedProxies
        gate.webSocket = WebSocketSettings(
            longestMessage: configuration.longestMessage,
            pingInterval: configuration.pingInterval)
        gate.onRefusal = { [service] in service.refused($0, $1, from: $2) }
        gate.headTimeout = configuration.headTimeout
        gate.bodyTimeout = configuration.bodyTimeout
        gate.isSecure = tls != nil
        gate.forwarding = forwarding
        if let signer = service.fleet?.signer {
            gate.isFromGateway = { signer.signed($0, at: FleetService<Launcher>.wallTime()) }
        } else if let forwarding {
            gate.isFromGateway = forwarding.isFromGateway
        }
        gate.servesHost = { [service] in service.hosts.allows(host: $0) }
        return FleetChildChannel(
            responder: { [service, fallback, logger] request, writer, channel in
                let response = await service.observe(request.head) {
                    await service.respond(to: request) {
                        try await Self.ask(fallback, request, channel, logger)
                    }
                }
                try await writer.write(response: response.head, body: response.body)
            }, gate: gate, idleTimeout: configuration.idleTimeout, tls: tls)
    }

    /// Asks the embedder's routes; `nil` if they have nothing there.
    private static func ask(
        _ routes: Routes?, _ request: Request, _ channel: any Channel, _ logger: Logger
    ) async throws -> Response? {
        guard let routes else { return nil }
        let context = BasicRequestContext(source: .init(channel: channel, logger: logger))
        let response: Response
        do {
            response = try await routes.respond(to: request, context: context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        }
        // What a router says when it has no route; a 404 of a route's own has a body.
        let isUnknown = response.status == .notFound && response.body.contentLength == 0
        return isUnknown ? nil : response
    }

    private static func check(
        _ configuration: HTTPConfiguration, _ keys: KeyRing
    ) throws(HTTPServerError) {
        if let url = configuration.publicURL, PublicURL(url) == nil {
            throw HTTPServerError(
                .badSetting, "PUBLIC_URL must be http://host or https://host, not '\(url)'.")
        }
        guard
            configuration.isLoopback || configuration.isInsecure || !keys.isEmpty
                || configuration.jwt != nil
        else {
            throw HTTPServerError(
                .noKeys,
                "\(configuration.host) can be reached from other machines and there is no API key: "
                    + "make one with 'fleetctl keys create', or pass --insecure.")
        }
    }
}

extension Logger {
    /// Hummingbird says each start at `info`; the fleet says it itself.
    fileprivate var quieter: Logger {
        var logger = self
        if logger.logLevel < .warning { logger.logLevel = .warning }
        return logger
    }
}
