// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Callers that wait, and whose turn it is.
///
/// A higher class goes before a lower one. Within a class, owners take turns by weight: each owner
/// has a lane, served first in, first out, and a lane's turn comes round after a virtual time of
/// 1 / weight (start-time fair queueing: Goyal, Vin and Cheng, 1996). An owner that comes fresh
/// starts at the present virtual time, so it neither inherits credit nor pays for others. Only a
/// served caller costs its lane a turn; one that leaves costs nothing.
struct WaitQueue: Equatable, Sendable {
    /// One waiting caller.
    struct Waiter: Equatable, Sendable {
        var request: PoolRequest
        var arrivedAt: FleetInstant
        var deadline: FleetInstant
        /// Order of arrival.
        var sequence: Int
        /// Where its deadline is kept.
        fileprivate var seat: Int
    }

    private var waiters: [RequestID: Waiter] = [:]
    private var lanes = FairLanes()
    private var deadlines: DeadlineHeap
    /// Who sits where; a deadline is kept under its waiter's seat.
    private var seats: [RequestID?]
    private var freeSeats: [Int]
    private var arrivals = 0
    /// The most that can wait.
    let bound: Int

    /// Creates an empty queue for at most `bound` callers.
    init(bound: Int) {
        self.bound = bound
        deadlines = DeadlineHeap(capacity: bound)
        seats = Array(repeating: nil, count: bound)
        freeSeats = Array((0..<bound).reversed())
    }

    /// How many wait.
    var count: Int { waiters.count }

    /// The earliest deadline.
    var nextDeadline: FleetInstant? { deadlines.first?.instant }

    /// When the first of those that wait came. Looks at all of them.
    var oldestArrival: FleetInstant? { waiters.values.lazy.map(\.arrivedAt).min() }

    /// The caller `id`, if it waits.
    subscript(id: RequestID) -> Waiter? { waiters[id] }

    /// Adds a caller. The queue must not be full, and the caller must not wait already.
    mutating func join(_ request: PoolRequest, deadline: FleetInstant, at now: FleetInstant) {
        guard let seat = freeSeats.popLast() else { return }
        arrivals += 1
        waiters[request.id] = Waiter(
            request: request, arrivedAt: now, deadline: deadline, sequence: arrivals, seat: seat)
        seats[seat] = request.id
        deadlines.set(seat, to: deadline)
        lanes.join(
            LaneKey(request), weight: request.weight,
            ticket: FairLanes.Ticket(request: request.id, sequence: arrivals))
    }

    /// Takes out a caller that gets a browser; its lane pays a turn.
    mutating func serve(_ id: RequestID) -> Waiter? { take(id, served: true) }

    /// Takes out a caller that gets none; its lane pays nothing.
    mutating func leave(_ id: RequestID) -> Waiter? { take(id, served: false) }

    /// The caller whose turn it is among those for which `condition` holds.
    func first(where condition: (PoolRequest) -> Bool) -> RequestID? {
        lanes.first { id in waiters[id].map { condition($0.request) } ?? false }
    }

    /// Whose place `request` may take although the queue is full; `nil` if nobody's.
    func giveWay(to request: PoolRequest) -> RequestID? {
        lanes.giveWay(to: LaneKey(request), weight: request.weight)
    }

    /// All callers for which `condition` holds, in the order of arrival.
    func all(where condition: (PoolRequest) -> Bool) -> [RequestID] {
        waiters.values.filter { condition($0.request) }
            .sorted { $0.sequence < $1.sequence }.map(\.request.id)
    }

    /// How many turns come up to and including that of `id`, if nobody leaves or joins.
    func place(of id: RequestID) -> Int? {
        waiters[id].flatMap { lanes.place(LaneKey($0.request), sequence: $0.sequence) }
    }

    /// A caller whose deadline has come by `now`.
    func expired(at now: FleetInstant) -> RequestID? {
        guard let first = deadlines.first, first.instant <= now else { return nil }
        return seats[first.index]
    }

    private mutating func take(_ id: RequestID, served: Bool) -> Waiter? {
        guard let waiter = waiters.removeValue(forKey: id) else { return nil }
        deadlines.set(waiter.seat, to: nil)
        seats[waiter.seat] = nil
        freeSeats.append(waiter.seat)
        lanes.take(LaneKey(waiter.request), sequence: waiter.sequence, served: served)
        return waiter
    }
}
