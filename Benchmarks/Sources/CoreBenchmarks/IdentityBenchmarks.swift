// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// IDs of a fleet of a thousand servers, made before the clock runs.
private func sampleIDs() -> [String] {
    (0..<1024).map { number in
        let tail = String(number, radix: 16)
        let zeros = String(repeating: "0", count: 12 - tail.count)
        return "server\(number)-eu--west-example-com_a1b2c3d4-e5f6-4789-a012-\(zeros)\(tail)"
    }
}

/// Decoding an ID, and finding its owner among a thousand known servers.
func identityBenchmarks() -> [Measurement] {
    let texts = sampleIDs()
    let ids = texts.compactMap { try? BrowserID(decoding: $0) }
    precondition(ids.count == texts.count, "a sample ID is not one")
    var owners: [ServerPrefix: Int] = [:]
    for (number, id) in ids.enumerated() {
        if let prefix = id.serverPrefix { owners[prefix] = number }
    }
    return [
        measure("id decode", count: 200_000) { run in
            keep(try? BrowserID(decoding: texts[run & 1023]))
        },
        measure("id resolve among 1,024 servers", count: 200_000) { run in
            keep(ids[run & 1023].serverPrefix.flatMap { owners[$0] })
        },
        measure("id decode and resolve", count: 200_000) { run in
            let id = try? BrowserID(decoding: texts[run & 1023])
            keep(id?.serverPrefix.flatMap { owners[$0] })
        },
    ]
}
