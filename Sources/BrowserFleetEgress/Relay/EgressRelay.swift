// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import NIOCore
import NIOPosix

/// The only way out of one browser's jail: a proxy that accepts from a socket made inside the jail
/// and dials from outside, if its policy agrees.
///
/// Counters stay readable after `stop()`.
public final class EgressRelay: Sendable {
    private let core: RelayCore
    private let listener: any Channel
    private let trust: UpstreamTrust

    private init(core: RelayCore, listener: any Channel, trust: UpstreamTrust) {
        self.core = core
        self.listener = listener
        self.trust = trust
    }

    /// Starts accepting from `listeningSocket`, a bound stream socket in whichever network
    /// namespace it was made. The relay owns the descriptor from here on, also when this throws.
    ///
    /// - Parameters:
    ///   - listeningSocket: descriptor of a bound (listening or not) stream socket.
    ///   - policy: where the browser may go.
    ///   - upstream: the proxy its traffic leaves through, if any.
    ///   - group: event loops of NIOPosix; a connection stays on one of them.
    ///   - logger: told refusals (one word and the port; the host at debug level only).
    ///   - limits: bounds of this relay.
    ///   - trust: whose certificates an https upstream may show.
    ///   - lookups: turn names into addresses; relays that share them take turns.
    /// - Returns: the relay, accepting.
    /// - Throws: `IOError` if the descriptor cannot be listened on, what NIOSSL throws if the
    ///   trusted certificates cannot be read.
    public static func start(
        listeningSocket: CInt, policy: EgressPolicy, upstream: UpstreamProxy? = nil,
        group: any EventLoopGroup, logger: Logger, limits: EgressLimits = EgressLimits(),
        trust: UpstreamTrust = .system, lookups: NameLookups = .shared
    ) async throws -> EgressRelay {
        try ListeningSocket.check(listeningSocket)
        let route: EgressRoute
        do {
            route = try EgressRoute(policy: policy, upstream: upstream, trust: trust)
        } catch {
            ListeningSocket.close(listeningSocket)
            throw error
        }
        let core = RelayCore(route: route, limits: limits, logger: logger, lookups: lookups)
        let listener = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: limits.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try ClientHandler.install(channel, core) }
            }
            .withBoundSocket(listeningSocket).get()
        return EgressRelay(core: core, listener: listener, trust: trust)
    }

    /// Changes where new requests may go and closes the existing connections, so that nothing of
    /// an earlier route outlives it. Meant for the moment a warm browser is leased. Returns when
    /// the old connections are closed.
    ///
    /// - Parameters:
    ///   - policy: where the browser may go from now on.
    ///   - upstream: the proxy its traffic leaves through from now on, if any.
    /// - Throws: what NIOSSL throws if the trusted certificates cannot be read; the route is then
    ///   unchanged.
    public func update(policy: EgressPolicy, upstream: UpstreamProxy?) async throws {
        core.replaceRoute(try EgressRoute(policy: policy, upstream: upstream, trust: trust))
        await core.closeAll()
    }

    /// What went through until now.
    public var traffic: EgressTraffic { core.meter.snapshot }

    /// Stops accepting, closes every connection, and returns when all are closed. Safe to repeat.
    public func stop() async {
        core.markStopped()
        try? await listener.close()
        await core.closeAll()
    }
}

extension EgressLimits {
    /// When a channel stops and again starts to take writes.
    var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        let high = max(2, bufferedBytes)
        return ChannelOptions.Types.WriteBufferWaterMark(low: high / 2, high: high)
    }
}
