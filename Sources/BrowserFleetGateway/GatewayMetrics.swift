// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime
import Metrics

/// A gateway's measurements, by the names of `GET /metrics`.
///
/// Every series exists from the start: one that begins with its first failure hides that failure
/// from Prometheus' `increase`.
struct GatewayMetrics: Sendable {
    /// What became of a request that was sent on.
    enum Outcome: String, CaseIterable {
        /// The server's answer was passed on whole.
        case answered
        /// The server made a WebSocket of it.
        case upgraded
        /// The server gave no answer.
        case unreachable = "owner-unreachable"
        /// The server was declared lost before it answered.
        case lost = "server-lost"
        /// The server ended within its answer.
        case brokenOff = "broken-off"
        /// The client went away before the answer was whole.
        case abandoned

        /// The outcome of a request that is answered with a refusal.
        init(_ refusal: ForwardRefusal) {
            switch refusal {
            case .ownerUnreachable, .ownerUnknown: self = .unreachable
            case .serverLost: self = .lost
            }
        }
    }

    private let outcomes: [Outcome: Counter]
    private let dialTime: Timer
    private let tunnels: Meter
    private let bytesToClients: Counter
    private let bytesToServers: Counter

    /// Creates the measurements in `factory`.
    init(factory: any MetricsFactory) {
        func counter(_ label: String, _ name: String, _ value: String) -> Counter {
            let counter = Counter(label: label, dimensions: [(name, value)], factory: factory)
            counter.increment(by: 0)
            return counter
        }
        let forwarded = "browserfleet_forwarded_requests_total"
        outcomes = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                ($0, counter(forwarded, "outcome", $0.rawValue))
            })
        dialTime = Timer(label: "browserfleet_forward_dial_seconds", factory: factory)
        tunnels = Meter(label: "browserfleet_tunnels", factory: factory)
        tunnels.set(0)
        let bytes = "browserfleet_tunnel_bytes_total"
        bytesToClients = counter(bytes, "direction", "to-client")
        bytesToServers = counter(bytes, "direction", "to-server")
    }

    /// Counts a request that was sent on.
    func forwarded(_ outcome: Outcome) { outcomes[outcome]?.increment() }

    /// Notes how long a connection to a server took.
    func dialled(in nanoseconds: Int64) { dialTime.recordNanoseconds(nanoseconds) }

    /// Counts a tunnel until ``tunnelClosed()``.
    func tunnelOpened() { tunnels.increment() }

    /// Counts a tunnel no longer.
    func tunnelClosed() { tunnels.decrement() }

    /// Counts bytes that passed through tunnels.
    func passed(_ passage: TunnelPassage) {
        if passage.toClients > 0 { bytesToClients.increment(by: passage.toClients) }
        if passage.toServers > 0 { bytesToServers.increment(by: passage.toServers) }
    }
}

/// Bytes that passed through the tunnels of a loop and are not counted in the metrics yet.
struct TunnelPassage: Hashable, Sendable {
    /// Bytes of servers.
    var toClients = 0
    /// Bytes of clients.
    var toServers = 0
}
