// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What one gateway knows of all servers, and what it makes of it.
///
/// A server is heard of by its heartbeats or by its answers to probes, whichever comes: silence is
/// what a `FailureDetector` notices. Before a silent server is given up it is asked three times,
/// then a few others are asked whether they answer (`EvictionTrial`), and only so many are given up
/// in a minute (``EvictionBudget``): a gateway that is cut off gives up nobody. Checks
/// (``RiseFall``) and real calls (``OutlierDetector``) make an opinion, which steers new browsers
/// and never ends a lease.
public struct FleetView: Equatable, Sendable {
    /// How servers are watched.
    public let limits: FleetLimits

    var servers: [WatchedServer?] = []
    /// Where each server stands in `servers`.
    var places: [ServerPrefix: Int] = [:]
    var emptyPlaces: [Int] = []
    /// Where calls about each server's browsers go: all that the data path asks.
    var owners: [ServerPrefix: OwnerStanding] = [:]
    var deadlines = DeadlineHeap(capacity: 0)
    var table = PlacementTable()
    var placement: Placement
    var budget: EvictionBudget
    var outliers: OutlierDetector
    /// Servers whose silence would be noticed, and those of them that are silent.
    var watched = 0
    var silent = 0
    var probes = 0
    /// From when on a server that has not been heard of is none that is about to be.
    var settledAt: FleetInstant?
    private var latest = FleetInstant.origin

    /// Creates a view of no servers.
    public init(limits: FleetLimits = FleetLimits(), placement: Placement = Placement()) {
        self.limits = limits
        self.placement = placement
        budget = EvictionBudget(share: limits.evictionShare)
        outliers = OutlierDetector(limits: limits.outliers)
    }

    /// Takes one event and says what is to be done, in order. An instant before the latest counts
    /// as the latest. What comes in the same instant as a deadline is in time.
    public mutating func handle(_ event: Event, at instant: FleetInstant) -> [Action] {
        latest = max(latest, instant)
        settledAt = settledAt ?? instant.advanced(by: limits.silence.timeout)
        var actions: [Action] = []
        take(event, at: latest, into: &actions)
        meetDeadlines(at: latest, into: &actions)
        return actions
    }

    /// When ``Event/woke`` is due at the latest; `nil` if nothing is waited for. Free to ask.
    public var nextDeadline: FleetInstant? { deadlines.first?.instant }

    /// Where calls about the browsers of the server go that `prefix` names. Allocates nothing.
    public func owner(of prefix: ServerPrefix) -> OwnerStanding { owners[prefix] ?? .unknown }

    private mutating func take(
        _ event: Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch event {
        case .woke: break
        case .entered(let entry): enter(entry, at: now, into: &actions)
        case .removed(let name): remove(name)
        case .heartbeat(let heartbeat): hear(heartbeat, at: now, into: &actions)
        case .probed(let probe, let answer): take(answer, to: probe, at: now, into: &actions)
        case .called(let name, let failed): note(name, failed, at: now, into: &actions)
        case .marked(let name, let mark): note(name, mark, into: &actions)
        case .left(let name, let epoch): leave(name, epoch, at: now, into: &actions)
        }
    }
}

extension FleetView: ServerDirectory {
    /// Where the server that `prefix` names is reached, whatever its standing.
    public func endpoint(of prefix: ServerPrefix) -> ServerEndpoint? {
        places[prefix].flatMap { servers[$0]?.endpoint }
    }
}
