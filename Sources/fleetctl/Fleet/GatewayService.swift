// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetGateway
import BrowserFleetHTTP
import BrowserFleetRuntime
import NIOCore
import ServiceLifecycle
import Synchronization

/// The data path of a gateway as a part of a process: at a stop, what passes through it has the
/// grace that leases have.
///
/// In a service group it stands in front of the pool, so that the server's own browsers end first;
/// the grace of both begins with the signal.
final class GatewayService: Service {
    private let gateway: Gateway
    private let driver: FleetDriver
    private let grace: Duration
    private let end = Mutex<ContinuousClock.Instant?>(nil)

    /// Creates the data path.
    ///
    /// - Throws: one clear line when the certificates to trust servers by cannot be used.
    init(_ plan: FleetPlan, _ driver: FleetDriver, _ sign: @escaping ForwardSigning) throws {
        self.driver = driver
        grace = plan.drainTimeout
        do throws(GatewayError) {
            gateway = try Gateway(configuration: plan.gateway, forwarding: driver, sign: sign)
        } catch {
            throw SettingsProblem("TLS_CA: \(error.message)")
        }
    }

    /// What the HTTP server is told.
    var forwarding: RequestForwarding {
        RequestForwarding(owners: driver) { [gateway] connection, eventLoop in
            gateway.makeForwarder(for: GatewayConnection(connection), on: eventLoop)
        }
    }

    /// Waits for the stop, then until nothing passes any more or the grace is over.
    func run() async {
        guard (try? await gracefulShutdown()) != nil else { return }
        beginDrain()
        let end = end.withLock { $0 ?? .now }
        await gateway.drain(within: max(.zero, ContinuousClock.now.duration(to: end)))
    }

    /// The grace begins.
    func beginDrain() {
        end.withLock { end in
            if end == nil { end = .now + grace }
        }
    }

    /// Ends at once what passes.
    func hurry() { gateway.stop() }
}

extension GatewayConnection {
    /// What a connection of the HTTP server shows a gateway.
    init(_ connection: ForwardableConnection) {
        self.init(
            decide: connection.decide,
            client: { head in
                ForwardedClient(
                    address: connection.address(of: head), isSecure: connection.isSecure(head),
                    requestID: connection.requestID(of: head))
            },
            refusal: connection.refusal, surrender: connection.surrender,
            idleTimeout: connection.idleTimeout)
    }
}
