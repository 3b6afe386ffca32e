// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A fleet of `count` servers under changing load, each a little different.
private func fleet(_ count: Int) -> PlacementTable {
    let servers = (0..<count).compactMap { number -> ServerFacts? in
        guard let name = try? ServerName("server\(number).example.com") else { return nil }
        return ServerFacts(
            name: name, capacity: 20, used: number * 7 % 20,
            responseTime: .microseconds(number * 13 % 997), region: number % 2 == 0 ? "eu" : "us")
    }
    return PlacementTable(servers)
}

/// Choosing a server among ten, a hundred and ten thousand.
func placementBenchmarks() -> [Measurement] {
    [10, 100, 1000, 10_000].flatMap { count -> [Measurement] in
        let table = fleet(count)
        var generator = SeededGenerator(seed: 1)
        return [PlacementStrategy.leastLoaded, .twoChoices, .sticky].map { strategy in
            var placement = Placement(strategy: strategy)
            let wish = PlacementWish(key: "device-1")
            return measure(
                "place among \(count), \(strategy.rawValue)", count: max(100, 200_000 / count)
            ) { _ in
                keep(placement.choose(wish, among: table, using: &generator))
            }
        }
    }
}
