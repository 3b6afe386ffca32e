// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Whose turn it is")
struct WaitQueueTests {
    private static let later = FleetInstant.origin.advanced(by: .seconds(30))

    private func queue(_ requests: [PoolRequest]) -> WaitQueue {
        var queue = WaitQueue(bound: 500)
        for request in requests { queue.join(request, deadline: Self.later, at: .origin) }
        return queue
    }

    private func serveAll(_ queue: WaitQueue) -> [RequestID] {
        var queue = queue
        var served: [RequestID] = []
        while let next = queue.first(where: { _ in true }) {
            served.append(next)
            _ = queue.serve(next)
        }
        return served
    }

    private func requests(_ owners: String, weights: [Character: Int] = [:]) -> [PoolRequest] {
        owners.enumerated().map { index, owner in
            PoolRequest(
                id: RequestID(index), owner: String(owner), weight: weights[owner] ?? 1)
        }
    }

    @Test("one owner is served first in, first out")
    func firstInFirstOut() {
        #expect(serveAll(queue(requests("aaaaa"))).map(\.number) == [0, 1, 2, 3, 4])
    }

    @Test("an owner that comes late does not wait behind all of another's")
    func ownersTakeTurns() {
        #expect(serveAll(queue(requests("aaaabb"))).map(\.number) == [0, 4, 1, 5, 2, 3])
    }

    @Test("twice the weight is served twice as often")
    func weightCounts() {
        let order = String(repeating: "a", count: 30) + String(repeating: "b", count: 30)
        let served = serveAll(queue(requests(order, weights: ["b": 2])))
        #expect(served.prefix(30).count { $0.number >= 30 } == 20)
    }

    @Test("a higher class goes first, whenever it came")
    func classesGoFirst() {
        var all = requests("abc")
        all[0].priority = .low
        all[2].priority = .high
        #expect(serveAll(queue(all)).map(\.number) == [2, 1, 0])
    }

    @Test("an owner that comes fresh has no credit for the time it was not there")
    func noCredit() {
        var queue = queue(requests("aaaaaaaa"))
        for number in 0..<4 { _ = queue.serve(RequestID(number)) }
        for number in 10..<13 {
            let request = PoolRequest(id: RequestID(number), owner: "b")
            queue.join(request, deadline: Self.later, at: .origin)
        }
        #expect(serveAll(queue).map(\.number) == [10, 4, 11, 5, 12, 6, 7])
    }

    @Test("a caller that leaves costs its owner nothing")
    func leavingIsFree() {
        var queue = queue(requests("aaab"))
        _ = queue.leave(RequestID(0))
        _ = queue.leave(RequestID(1))
        #expect(serveAll(queue).map(\.number) == [2, 3])
    }

    @Test("an owner cannot dodge the turns it owes by letting its lane run empty")
    func debtsAreKept() {
        var queue = queue(requests("abbb"))
        _ = queue.serve(RequestID(0))
        let again = PoolRequest(id: RequestID(9), owner: "a")
        queue.join(again, deadline: Self.later, at: .origin)
        #expect(serveAll(queue).map(\.number) == [1, 2, 9, 3])
    }

    @Test("the place is the number of turns that really come", arguments: UInt64(1)...40)
    func placeIsHonest(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = WaitQueue(bound: 60)
        for number in 0..<60 {
            let request = PoolRequest(
                id: RequestID(number), owner: String("abcde".randomElement(using: &random) ?? "a"),
                priority: PriorityClass.allCases.randomElement(using: &random) ?? .normal,
                weight: Int.random(in: 1...3, using: &random))
            var fixed = request
            fixed.weight = request.owner == "a" ? 3 : request.owner == "b" ? 2 : 1
            queue.join(fixed, deadline: Self.later, at: .origin)
            if number % 3 == 2, let next = queue.first(where: { _ in true }) {
                _ = queue.serve(next)
            }
        }
        for (index, id) in serveAll(queue).enumerated() {
            #expect(queue.place(of: id) == index + 1, "seed \(seed)")
        }
    }

    @Test("those that cannot be served are passed over and keep their turn")
    func passesOver() {
        var all = requests("aab")
        all[0].properties = .headful
        var queue = queue(all)
        let next = queue.first { $0.properties == .headless }
        #expect(next == RequestID(1))
        _ = next.map { queue.serve($0) }
        #expect(queue.first { _ in true } == RequestID(2))
        #expect(queue.place(of: RequestID(0)) == 2)
    }

    @Test("deadlines come due in their order, whoever's turn it is")
    func deadlines() {
        var queue = WaitQueue(bound: 3)
        for (number, seconds) in [3, 1, 2].enumerated() {
            let deadline = FleetInstant.origin.advanced(by: .seconds(seconds))
            queue.join(
                PoolRequest(id: RequestID(number), owner: "a"), deadline: deadline, at: .origin)
        }
        #expect(queue.nextDeadline == FleetInstant.origin.advanced(by: .seconds(1)))
        #expect(queue.expired(at: .origin) == nil)
        var due: [Int] = []
        while let id = queue.expired(at: FleetInstant.origin.advanced(by: .seconds(2))) {
            due.append(id.number)
            _ = queue.leave(id)
        }
        #expect(due == [1, 2])
        #expect(queue.count == 1)
    }
}
