// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetSimulator

// Simulate replay SEED            prints what happened in one world
// Simulate traces FIRST LAST STEP prints the hash of every STEPth world's trace
let words = Array(CommandLine.arguments.dropFirst())
let numbers = words.dropFirst().compactMap { UInt64($0) }

switch (words.first, numbers.count) {
case ("replay", 1):
    let report = Simulation.run(seed: numbers[0], keepsText: true)
    for line in report.trace.lines { print(line) }
    print(report.violation?.message ?? "all held")
case ("traces", 3):
    for seed in stride(from: numbers[0], through: numbers[1], by: Int(numbers[2])) {
        print(seed, String(Simulation.run(seed: seed).trace.hash, radix: 16))
    }
default:
    print("usage: Simulate replay SEED | traces FIRST LAST STEP")
}
