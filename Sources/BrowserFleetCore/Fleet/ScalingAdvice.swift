// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How busy a fleet is.
public struct FleetLoad: Hashable, Sendable {
    /// Servers that take leases.
    public var servers: Int
    /// Leases they can have.
    public var capacity: Int
    /// Leases they have.
    public var leased: Int
    /// Callers that wait, at servers and at the gateway.
    public var waiting: Int
    /// WebSockets.
    public var connections: Int
    /// Processor time in use, 0 to 100: the mean of those that say.
    public var cpuPercent: Int?

    /// Creates a load.
    public init(
        servers: Int, capacity: Int, leased: Int, waiting: Int = 0, connections: Int = 0,
        cpuPercent: Int? = nil
    ) {
        self.servers = servers
        self.capacity = capacity
        self.leased = leased
        self.waiting = waiting
        self.connections = connections
        self.cpuPercent = cpuPercent
    }

    /// Adds up the servers that are given browsers.
    public init(_ rows: some Sequence<ServerRow>, waiting: Int = 0) {
        self.init(servers: 0, capacity: 0, leased: 0, waiting: waiting)
        var (sum, speakers) = (0, 0)
        for row in rows where row.standing == .active {
            servers += 1
            guard let report = row.report else { continue }
            capacity += report.capacity
            leased += report.leased
            self.waiting += report.waiting
            connections += report.connections
            guard let percent = report.cpuPercent else { continue }
            (sum, speakers) = (sum + percent, speakers + 1)
        }
        cpuPercent = speakers == 0 ? nil : sum / speakers
    }

    /// Leases of the capacity, 0 to 1; an empty fleet is not busy.
    public var average: Double { capacity > 0 ? Double(leased) / Double(capacity) : 0 }
}

/// Says whether a fleet should have more servers, by what its operators' guides say: more when
/// leases are over 80 % of the capacity or the processors over 70 %, one less when the processors
/// were under 20 % for five minutes and the others could carry the leases.
public struct ScalingAdvice: Equatable, Sendable {
    /// The advice. The raw value is the word of `recommendedAction`.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// Leave it as it is.
        case maintain
        /// Add servers.
        case scaleUp = "scale_up"
        /// Take a server away.
        case scaleDown = "scale_down"
    }

    /// When to advise what.
    public struct Limits: Hashable, Sendable {
        /// More servers above this share of the capacity, in per cent.
        public var mostLoad = 80
        /// More servers above this processor time, in per cent.
        public var mostProcessor = 70
        /// Fewer below this processor time, in per cent.
        public var leastProcessor = 20
        /// How long it has to be below.
        public var patience = Duration.seconds(300)
        /// Never fewer than these.
        public var leastServers = 2

        /// The limits of the guides.
        public init() {}
    }

    private let limits: Limits
    private var idleSince: FleetInstant?

    /// Creates advice that has seen nothing.
    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes how busy the fleet is now, and says what to do.
    public mutating func observe(_ load: FleetLoad, at now: FleetInstant) -> Action {
        guard isIdle(load) else {
            idleSince = nil
            return isBusy(load) ? .scaleUp : .maintain
        }
        let since = idleSince ?? now
        idleSince = since
        return since.advanced(by: limits.patience) <= now ? .scaleDown : .maintain
    }

    // Whole numbers: 0.8 of 10 is not 8 in binary fractions.
    private func isBusy(_ load: FleetLoad) -> Bool {
        load.waiting > 0 || load.leased * 100 > limits.mostLoad * load.capacity
            || load.cpuPercent ?? 0 > limits.mostProcessor
    }

    private func isIdle(_ load: FleetLoad) -> Bool {
        guard load.servers > limits.leastServers, load.waiting == 0 else { return false }
        guard (load.cpuPercent ?? 0) < limits.leastProcessor else { return false }
        let rest = load.capacity * (load.servers - 1) / load.servers
        return load.leased * 100 <= limits.mostLoad * rest
    }
}
