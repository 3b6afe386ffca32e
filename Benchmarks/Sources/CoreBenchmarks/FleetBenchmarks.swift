// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A gateway that has heard once of each of `count` servers.
private func gateway(_ count: Int) -> (GatewayMachine, [Heartbeat]) {
    var machine = GatewayMachine(seed: 1)
    let heartbeats = (0..<count).compactMap { number -> Heartbeat? in
        let host = "server\(number).example.com"
        guard let name = try? ServerName(host) else { return nil }
        var report = ServerReport(capacity: 20, startedAt: 0, version: "1")
        report.leased = number * 7 % 20
        var generator = SystemRandomNumberGenerator()
        return Heartbeat(
            server: name, endpoint: ServerEndpoint(scheme: .https, host: host, port: 443),
            epoch: ServerEpoch(number: 1, process: UUIDv4(using: &generator)),
            sequence: 1, report: report)
    }
    for heartbeat in heartbeats { _ = machine.handle(.fleet(.heartbeat(heartbeat)), at: .origin) }
    return (machine, heartbeats)
}

/// Finding a browser's owner, hearing a heartbeat, and a whole create call at a gateway.
func fleetBenchmarks() -> [Measurement] {
    [100, 10_000].flatMap { count -> [Measurement] in
        var (machine, heartbeats) = gateway(count)
        let prefixes = heartbeats.map(\.server.prefix)
        var sequence: UInt64 = 1
        var call = 0
        let runs = max(200, 200_000 / count)
        return [
            measure("owner among \(count)", count: 200_000) { run in
                keep(machine.owner(of: prefixes[run % count]))
            },
            measure("heartbeat of one of \(count)", count: runs) { run in
                sequence += 1
                var heartbeat = heartbeats[run % count]
                heartbeat.sequence = sequence
                keep(machine.handle(.fleet(.heartbeat(heartbeat)), at: .origin))
            },
            measure("create call over \(count) servers", count: runs) { _ in
                call += 1
                let asked = CreateCall(id: RequestID(call), owner: "k")
                for action in machine.handle(.create(.asked(asked)), at: .origin) {
                    guard case .create(.attempt(let attempt, _, _)) = action else { continue }
                    keep(machine.handle(.create(.ended(attempt, .rejected)), at: .origin))
                }
            },
        ]
    }
}
