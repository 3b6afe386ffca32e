// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("Advice on the size of a fleet")
struct ScalingAdviceTests {
    private static func load(
        _ leased: Int, of capacity: Int, servers: Int = 3, cpu: Int? = nil, waiting: Int = 0
    ) -> FleetLoad {
        FleetLoad(
            servers: servers, capacity: capacity, leased: leased, waiting: waiting, cpuPercent: cpu)
    }

    /// The guides: add servers when CPU > 70 % or connections > 80 % of the capacity; 3,750 of
    /// 5,000 on three servers is an average load of 0.75 and `maintain`.
    @Test(
        "more servers above 80 % of the capacity or 70 % of the processors",
        arguments: [
            (load(3750, of: 5000), ScalingAdvice.Action.maintain),
            (load(8, of: 10), .maintain), (load(9, of: 10), .scaleUp),
            (load(4001, of: 5000), .scaleUp), (load(0, of: 10, cpu: 70), .maintain),
            (load(0, of: 10, cpu: 71), .scaleUp), (load(1, of: 10, waiting: 1), .scaleUp),
            (load(0, of: 0, servers: 0), .maintain),
        ])
    func up(load: FleetLoad, action: ScalingAdvice.Action) {
        var advice = ScalingAdvice()
        #expect(advice.observe(load, at: .origin) == action)
        #expect(Self.load(3750, of: 5000).average == 0.75)
    }

    @Test("one less after five idle minutes, when the others could carry it, never below two")
    func down() {
        func last(_ loads: [(Int, FleetLoad)]) -> ScalingAdvice.Action? {
            var advice = ScalingAdvice()
            return loads.map { second, load in
                advice.observe(load, at: .origin.advanced(by: .seconds(second)))
            }.last
        }
        let idle = Self.load(3, of: 30, cpu: 19)
        #expect(last([(0, idle), (299, idle)]) == .maintain)
        #expect(last([(0, idle), (300, idle)]) == .scaleDown)
        #expect(last([(0, idle), (200, Self.load(3, of: 30, cpu: 20)), (300, idle)]) == .maintain)
        let two = Self.load(3, of: 30, servers: 2, cpu: 19)
        #expect(last([(0, two), (300, two)]) == .maintain)
        let heavy = Self.load(17, of: 30, cpu: 19)
        #expect(last([(0, heavy), (300, heavy)]) == .maintain, "17 of 20 would be too many")
    }

    @Test("the words are those of the answer")
    func words() {
        #expect(
            ScalingAdvice.Action.allCases.map(\.rawValue)
                == ["maintain", "scale_up", "scale_down"])
    }

    @Test("the load of a fleet is that of the servers that are given browsers")
    func rows() throws {
        var bench = FleetBench()
        try bench.beat("a", capacity: 10, leased: 3) { ($0.cpuPercent, $0.connections) = (10, 4) }
        try bench.beat("b", capacity: 20, leased: 7) { ($0.cpuPercent, $0.waiting) = (31, 2) }
        try bench.beat("c", capacity: 50)
        bench.tell(.fleet(.marked(try FleetBench.name("c"), .drain)))
        let load = FleetLoad(bench.machine.view.rows, waiting: 1)
        #expect(
            load
                == FleetLoad(
                    servers: 2, capacity: 30, leased: 10, waiting: 3, connections: 4,
                    cpuPercent: 20))
    }
}
