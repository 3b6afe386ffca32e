// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Whose lane it is: one owner in one class.
struct LaneKey: Hashable, Sendable {
    var priority: PriorityClass
    var owner: String

    init(_ request: PoolRequest) {
        priority = request.priority
        owner = request.owner
    }
}

/// Lanes of waiting callers that take turns by weight; see ``WaitQueue``.
struct FairLanes: Equatable, Sendable {
    /// A caller in its lane.
    struct Ticket: Equatable, Sendable {
        var request: RequestID
        var sequence: Int
    }

    fileprivate struct Lane: Equatable, Sendable {
        /// Virtual time at which the lane's first ticket has its turn.
        var turn: Int
        /// Virtual time that one turn takes: the inverse of the latest weight.
        var cost: Int
        var tickets: [Ticket]
    }

    /// Where a lane with tickets stands among the others.
    private struct Rank: Equatable, Sendable {
        var key: LaneKey
        var turn: Int
        var sequence: Int

        static func precedes(_ left: Rank, _ right: Rank) -> Bool {
            if left.key.priority != right.key.priority {
                return left.key.priority > right.key.priority
            }
            return left.turn == right.turn
                ? left.sequence < right.sequence : left.turn < right.turn
        }
    }

    /// Virtual time of one turn at weight 1.
    private static let unit = 1 << 20

    private var lanes: [LaneKey: Lane] = [:]
    /// Lanes with tickets, the next first.
    private var order: [Rank] = []
    /// Virtual time of each class: the turn last served.
    private var clocks = Array(repeating: 0, count: PriorityClass.allCases.count)
    /// Turns that lanes without tickets must still wait for.
    private var debts: [LaneKey: Int] = [:]

    /// Puts a ticket at the end of its lane. `weight` is held between 1 and 1000.
    mutating func join(_ key: LaneKey, weight: Int, ticket: Ticket) {
        let cost = Self.cost(weight)
        if lanes[key] != nil {
            lanes[key]?.tickets.append(ticket)
            lanes[key]?.cost = cost
            return
        }
        let debt = debts.removeValue(forKey: key) ?? 0
        let turn = max(debt, clocks[key.priority.rawValue])
        let lane = Lane(turn: turn, cost: cost, tickets: [ticket])
        lanes[key] = lane
        insert(rank(key, lane))
    }

    /// Takes a ticket out of its lane; the lane pays a turn if it was `served`.
    mutating func take(_ key: LaneKey, sequence: Int, served: Bool) {
        guard let before = lanes[key], let index = before.index(of: sequence) else { return }
        var lane = before
        lanes[key] = nil
        lane.tickets.remove(at: index)
        if served {
            clocks[key.priority.rawValue] = max(clocks[key.priority.rawValue], lane.turn)
            lane.turn += lane.cost
        }
        place(lane, key, instead: rank(key, before))
    }

    /// Whose place a newcomer of lane `key` may take when the queue is full: the last of the
    /// longest lane in the lowest class, if that class is below the newcomer's, or if by weight
    /// that lane is longer even without it than the newcomer's will be. So no owner can fill the
    /// queue and keep the others out (longest queue drop: Suter et al., 1998).
    func giveWay(to key: LaneKey, weight: Int) -> RequestID? {
        guard let lowest = order.last?.key.priority, lowest <= key.priority else { return nil }
        var longest: (key: LaneKey, lane: Lane)?
        for rank in order.reversed() {
            guard rank.key.priority == lowest else { break }
            guard let lane = lanes[rank.key] else { continue }
            if lane.length > longest?.lane.length ?? 0 { longest = (rank.key, lane) }
        }
        guard let longest, longest.key != key else { return nil }
        let own = ((lanes[key]?.tickets.count ?? 0) + 1) * Self.cost(weight)
        let isGreedy = longest.lane.length - longest.lane.cost >= own
        return lowest < key.priority || isGreedy ? longest.lane.tickets.last?.request : nil
    }

    private static func cost(_ weight: Int) -> Int { unit / max(1, min(weight, 1000)) }

    /// The next ticket for whose request `condition` holds.
    func first(where condition: (RequestID) -> Bool) -> RequestID? {
        for rank in order {
            guard let lane = lanes[rank.key] else { continue }
            for ticket in lane.tickets where condition(ticket.request) { return ticket.request }
        }
        return nil
    }

    /// How many turns come up to and including that of a ticket, if nobody joins or leaves.
    func place(_ key: LaneKey, sequence: Int) -> Int? {
        guard let lane = lanes[key], let index = lane.index(of: sequence) else { return nil }
        let turn = lane.turn + index * lane.cost
        var ahead = index
        for rank in order where rank.key != key {
            guard rank.key.priority >= key.priority, let other = lanes[rank.key] else { continue }
            ahead +=
                rank.key.priority > key.priority
                ? other.tickets.count : other.turns(before: turn, sequence: sequence)
        }
        return ahead + 1
    }

    private mutating func place(_ lane: Lane, _ key: LaneKey, instead old: Rank) {
        let isSame = lane.tickets.first?.sequence == old.sequence && lane.turn == old.turn
        if !isSame { remove(old) }
        guard !lane.tickets.isEmpty else { return close(lane, key) }
        lanes[key] = lane
        if !isSame { insert(rank(key, lane)) }
    }

    /// Remembers what an emptied lane owes. When nobody waits in the class nobody is owed anything.
    private mutating func close(_ lane: Lane, _ key: LaneKey) {
        if !order.contains(where: { $0.key.priority == key.priority }) {
            debts = debts.filter { $0.key.priority != key.priority }
            return
        }
        if lane.turn > clocks[key.priority.rawValue] { debts[key] = lane.turn }
        if debts.count > 2 * order.count + 32 {
            debts = debts.filter { $0.value > clocks[$0.key.priority.rawValue] }
        }
    }

    private func rank(_ key: LaneKey, _ lane: Lane) -> Rank {
        Rank(key: key, turn: lane.turn, sequence: lane.tickets.first?.sequence ?? .max)
    }

    private mutating func insert(_ rank: Rank) {
        order.insert(rank, at: position(of: rank))
    }

    private mutating func remove(_ rank: Rank) {
        let index = position(of: rank)
        guard index < order.count, order[index] == rank else { return }
        order.remove(at: index)
    }

    /// The first place whose rank does not precede `rank`.
    private func position(of rank: Rank) -> Int {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if Rank.precedes(order[middle], rank) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension FairLanes.Lane {
    /// Virtual time that all its tickets take.
    fileprivate var length: Int { tickets.count * cost }

    /// Where the ticket with `sequence` stands in its lane; tickets stand in order of arrival.
    fileprivate func index(of sequence: Int) -> Int? {
        var low = 0
        var high = tickets.count
        while low < high {
            let middle = (low + high) / 2
            if tickets[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low < tickets.count && tickets[low].sequence == sequence ? low : nil
    }

    /// How many of the lane's tickets have their turn before one with `turn` and `sequence`.
    fileprivate func turns(before other: Int, sequence: Int) -> Int {
        guard other >= turn else { return 0 }
        let (whole, rest) = (other - turn).quotientAndRemainder(dividingBy: cost)
        guard rest == 0 else { return min(whole + 1, tickets.count) }
        guard whole < tickets.count else { return tickets.count }
        return whole + (tickets[whole].sequence < sequence ? 1 : 0)
    }
}
