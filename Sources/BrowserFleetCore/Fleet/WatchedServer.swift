// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// All that a gateway knows of one server.
struct WatchedServer: Equatable, Sendable {
    let name: ServerName
    var origin: ServerEntry.Origin
    var endpoint: ServerEndpoint
    /// What was entered, and what the server says of itself.
    var entered: ServerFields? { didSet { merge() } }
    var described: ServerFields? { didSet { merge() } }
    /// What counts of both.
    private(set) var fields = ServerFields()

    var fence = EpochGuard()
    /// Of the last heartbeat under the epoch.
    var sequence: UInt64 = 0
    var report: ServerReport?
    /// When it was last heard of, by a heartbeat or an answer; `nil` if never.
    var heardAt: FleetInstant?
    /// When it last sent a heartbeat by itself.
    var pushedAt: FleetInstant?
    /// `nil` until it is heard of, after a good-bye, and for this process.
    var detector: FailureDetector?
    /// While it is silent and not given up.
    var trial: EvictionTrial?
    /// Whether ``FleetView/Action/silent(_:)`` was said.
    var isSilent = false
    var isLost = false
    /// The process that said good-bye.
    var leftEpoch: ServerEpoch?

    var checks: RiseFall
    var checkAt: FleetInstant?
    /// Smoothed time of its answers.
    var responseTime = Duration.zero
    var ejectedUntil: FleetInstant?
    /// When nothing more is remembered of it.
    var forgetAt: FleetInstant?

    /// An operator's word.
    var isDraining = false
    var healthMark = ServerMark.byChecks

    /// Create calls on their way to it, and those it took since its last report.
    var inFlight = 0
    var takenSinceReport = 0
    /// Whether it refused a call since its last report.
    var isSaturated = false

    /// As it was last said.
    var standing = ServerStanding.neverConnected

    init(
        _ name: ServerName, _ endpoint: ServerEndpoint, _ origin: ServerEntry.Origin,
        _ limits: FleetLimits
    ) {
        self.name = name
        self.endpoint = endpoint
        self.origin = origin
        checks = RiseFall(rise: limits.rise, fall: limits.fall)
    }

    private mutating func merge() {
        fields = (described ?? ServerFields()).overridden(by: entered ?? ServerFields())
    }

    /// Whether its silence would be noticed.
    var isWatched: Bool { detector != nil && !isLost && leftEpoch == nil }
    /// Whether it is watched, and silent.
    var isSuspect: Bool { isWatched && detector?.state != .alive }

    /// The earliest instant at which something happens by itself.
    var nextDeadline: FleetInstant? {
        let earliest = min(
            min(checkAt ?? .distantFuture, detector?.nextDeadline ?? .distantFuture),
            min(ejectedUntil ?? .distantFuture, trial?.nextDeadline ?? .distantFuture),
            forgetAt ?? .distantFuture)
        return earliest == .distantFuture ? nil : earliest
    }

    /// The present standing.
    var presentStanding: ServerStanding {
        if leftEpoch != nil { return .inactive }
        if isLost { return .lost }
        guard heardAt != nil else { return .neverConnected }
        if isSuspect { return .suspect }
        if !isWell { return .unhealthy }
        return drains ? .draining : .active
    }

    /// Whether it takes no new leases, by anybody's word.
    private var drains: Bool {
        isDraining || report.map { !$0.isAccepting && $0.reason == "draining" } ?? false
    }

    /// What an operator says, else what checks and calls do.
    private var isWell: Bool {
        switch healthMark {
        case .healthy: true
        case .unhealthy: false
        case .byChecks, .drain, .activate: checks.state != .unhealthy && ejectedUntil == nil
        }
    }

    /// What placement knows of it.
    var facts: ServerFacts {
        let capacity = min(report?.capacity ?? fields.capacity ?? 1, fields.capacity ?? .max)
        let isPresent = heardAt != nil && !isLost && leftEpoch == nil
        return ServerFacts(
            name: name, capacity: capacity, used: capacity - free(of: capacity),
            isActive: isPresent && !drains, isHealthy: isWell && !isSuspect,
            isBackup: fields.isBackup ?? false, priority: fields.priority ?? 0,
            weight: fields.weight ?? 1, responseTime: responseTime, region: fields.region,
            labels: fields.labels ?? [:])
    }

    /// What it reported, less what went to it since.
    private func free(of capacity: Int) -> Int {
        guard !isSaturated, report?.isAccepting ?? true else { return 0 }
        let taken = report.map { $0.leased + $0.ending + $0.waiting } ?? 0
        return max(0, capacity - taken - inFlight - takenSinceReport)
    }

    /// Where calls about its browsers go.
    var owner: OwnerStanding {
        if origin == .own { return .own }
        switch standing {
        case .lost, .inactive: return .lost(name)
        case .suspect where isSilent: return .unreachable(name, endpoint)
        case .neverConnected, .active, .draining, .unhealthy, .suspect:
            return .reachable(name, endpoint)
        }
    }

    /// A report came: what was counted until then is in it.
    mutating func take(_ report: ServerReport) {
        self.report = report
        takenSinceReport = 0
        isSaturated = false
    }

    /// A quarter of the difference is learned.
    mutating func learn(_ time: Duration) {
        responseTime += (time - responseTime) / (responseTime == .zero ? 1 : 4)
    }

    /// A new process has the name: nothing that was learned of the one before counts.
    mutating func renew(_ limits: FleetLimits) {
        checks = RiseFall(rise: limits.rise, fall: limits.fall)
        (report, sequence, leftEpoch, ejectedUntil) = (nil, 0, nil, nil)
        (takenSinceReport, isSaturated, responseTime) = (0, false, .zero)
    }
}
