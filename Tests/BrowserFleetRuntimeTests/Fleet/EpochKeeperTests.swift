// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization
import Testing

@testable import BrowserFleetRuntime

@Suite("a server without a store takes its name by a number of its own")
struct EpochKeeperTests {
    /// Numbers in the order in which they were written.
    private final class Disk: Sendable {
        private let numbers = Mutex<[Int64]>([])
        var written: [Int64] { numbers.withLock(\.self) }
        func write(_ number: Int64) { numbers.withLock { $0.append(number) } }
    }

    @Test(
        "the number is above the last one on the disk and not below the clock",
        arguments: [
            (nil, 1000, 1000), (400, 1000, 1000), (5000, 1000, 5001),
        ] as [(Int64?, Int64, Int64)])
    func start(_ persisted: Int64?, _ now: Int64, _ number: Int64) {
        let disk = Disk()
        let keeper = EpochKeeper(persisted: persisted, persist: disk.write, now: { now })
        #expect(keeper.epoch?.number == number)
        #expect(disk.written == [number])
    }

    @Test("a refusal raises it above what refused, once, and reports count from one again")
    func raised() throws {
        let disk = Disk()
        let keeper = EpochKeeper(persisted: nil, persist: disk.write, now: { 1000 })
        let process = try #require(keeper.epoch).process
        #expect(keeper.next()?.sequence == 1)
        #expect(keeper.next()?.sequence == 2)
        #expect(keeper.refused(newest: 7000))
        #expect(!keeper.refused(newest: 7000), "another gateway's refusal of the same")
        let (epoch, sequence) = try #require(keeper.next())
        #expect(epoch == ServerEpoch(number: 7001, process: process))
        #expect(sequence == 1)
        #expect(disk.written == [1000, 7001])
    }
}
