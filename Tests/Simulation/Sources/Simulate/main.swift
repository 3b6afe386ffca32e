// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetSimulator

// Simulate WORLD replay SEED            prints what happened in one world
// Simulate WORLD traces FIRST LAST STEP prints the hash of every STEPth world's trace
// Simulate WORLD seeds FIRST LAST       runs worlds, and says what was seen
let words = Array(CommandLine.arguments.dropFirst())
let world = words.first.flatMap(SimulatedWorld.init(rawValue:))
let numbers = words.dropFirst(2).compactMap { UInt64($0) }

/// Trace and violation of one world.
func run(_ world: SimulatedWorld, _ seed: UInt64, keepsText: Bool) -> (Trace, Violation?) {
    switch world {
    case .server:
        let report = Simulation.run(seed: seed, keepsText: keepsText)
        return (report.trace, report.violation)
    case .fleet:
        let report = FleetSimulation.run(seed: seed, keepsText: keepsText)
        return (report.trace, report.violation)
    }
}

switch (world, words.dropFirst().first, numbers.count) {
case (let world?, "replay", 1):
    let (trace, violation) = run(world, numbers[0], keepsText: true)
    for line in trace.lines { print(line) }
    print(violation?.message ?? "all held")
case (let world?, "traces", 3):
    for seed in stride(from: numbers[0], through: numbers[1], by: Int(numbers[2])) {
        let (trace, _) = run(world, seed, keepsText: false)
        print(seed, String(trace.hash, radix: 16))
    }
case (let world?, "seeds", 2):
    var campaign = Campaign(world)
    campaign.run(numbers[0]...numbers[1])
    print(campaign.summary)
    if world == .fleet { print(campaign.tally) }
default:
    print("usage: Simulate server|fleet replay SEED | traces FIRST LAST STEP | seeds FIRST LAST")
}
