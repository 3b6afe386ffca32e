// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Lets several clients share one browser over its one DevTools pipe, each alone in its sessions.
///
/// Bytes in, bytes out, no clock and no I/O of its own. The driver tells it events and hands it
/// whole messages; it appends what is to be done to `actions`, which the driver runs in order and
/// reuses. Every client gets a root session of its own (`Target.attachToBrowserTarget`), so that
/// the numbers of its calls stay its own; the bridge adds the name of that session on the way to
/// the browser and strips it on the way back, and learns the sessions below it from
/// `Target.attachedToTarget`. `Docs/Decisions/0007-cdp-clients.md` says what clients of one
/// browser may do to each other.
public struct BridgeMachine: Equatable, Sendable {
    /// The limits of a bridge.
    public struct Configuration: Equatable, Sendable {
        /// How long a client may hold back what others wait for: a new page, a paused request.
        public var holdLimit: Duration = .seconds(2)
        /// How long the browser may take to give a client its root session.
        public var attachTimeout: Duration = .seconds(10)
        /// The most calls of one client that wait for an answer; more are refused.
        public var maximumPendingCalls = 16_384
        /// The most sessions one client may have; more are detached as they come.
        public var maximumSessions = 4_096
        /// The most things clients may hold back; the oldest are let go when more come.
        public var maximumHolds = 1_024

        /// Creates the default limits.
        public init() {}
    }

    /// A call of the bridge whose answer it waits for.
    enum OwnCall: Equatable, Sendable {
        /// Gives the client at the place its root session.
        case attach(Int)
        /// Takes the root session from the client at the place.
        case detach(Int)
    }

    let configuration: Configuration
    var isPipeOpen = false
    var clients = ClientTable()
    var sessions = SessionTable()
    var pageTable = PageTable()
    /// What clients hold back, oldest first.
    var holds: [Hold] = []
    var ownCalls: [Int32: OwnCall] = [:]
    var nextOwnID = Int32.min
    /// Calls answered by the bridge when their session ended; the browser may answer them again.
    var answeredEarly: [Int32] = []
    var isDeadlineStale = false
    /// The size of pages whose maker names none.
    var pageSize: PageSize?

    /// Creates the bridge of one browser.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// The next moment at which `Event.tick` is wanted; nil when nothing waits.
    public private(set) var nextDeadline: FleetInstant?

    /// Chromium's names of the pages there are, oldest first.
    public var pages: [String] { pageTable.names }

    /// Takes one event.
    public mutating func handle(
        _ event: Event, at now: FleetInstant, into actions: inout [Action]
    ) {
        switch event {
        case .pipeOpened: openPipe(into: &actions)
        case .clientAttached(let id, let root, let isInternal):
            attach(id, root: root, isInternal: isInternal, at: now, into: &actions)
        case .clientDetached(let id):
            if let place = clients.find(id) { leave(place, into: &actions) }
        case .clientQueue(let id, let level): queueChanged(id, level, into: &actions)
        case .pageSize(let size): pageSize = size
        case .tick: failOverdueAttaches(at: now, into: &actions)
        case .pipeClosed: closePipe(into: &actions)
        }
        releaseDueHolds(at: now, into: &actions)
        refreshDeadline()
    }

    /// Takes one whole message of a client. Messages of clients that are not attached are ignored.
    public mutating func receive(
        fromClient client: ClientID, _ message: borrowing Span<UInt8>, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        guard let place = clients.find(client),
            case .attached(let root) = clients.places[place].phase
        else { return }
        hear(place, at: now)
        receive(from: place, root: root, message, into: &actions)
        if isDeadlineStale { refreshDeadline() }
    }

    /// Takes one whole message of the browser, without the NUL that ended it.
    public mutating func receive(
        fromBrowser message: borrowing Span<UInt8>, at now: FleetInstant,
        into actions: inout [Action]
    ) {
        if let key = BrowserEnvelope.session(message) {
            guard let place = sessions.find(key) else { return }
            receive(message, from: place, at: now, into: &actions)
        } else {
            receiveUnlabelled(message, at: now, into: &actions)
        }
        if isDeadlineStale {
            releaseDueHolds(at: now, into: &actions)
            refreshDeadline()
        }
    }

    /// A number for a call of the bridge itself.
    mutating func ownID() -> Int32 {
        nextOwnID = CallID.isOwn(nextOwnID + 1) ? nextOwnID + 1 : Int32.min
        return nextOwnID
    }

    private mutating func refreshDeadline() {
        isDeadlineStale = false
        nextDeadline = [nextAttachDeadline, nextHoldDeadline].compactMap(\.self).min()
    }
}
