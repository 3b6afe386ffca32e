// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import NIOCore
import NIOPosix
import Testing

@testable import BrowserFleetHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("slow connections (invariant 16)", .serialized)
struct SlowConnectionTests {
    private static let isSoak = ProcessInfo.processInfo.environment["FLEET_SOAK"] == "1"
    /// The promise is 2; a busy machine is allowed three times that.
    private static let allowed = isSoak ? 2.0 : 6.0
    /// Below this it is the timer and the scheduler that are measured.
    private static let noise = Duration.milliseconds(isSoak ? 1 : 3)

    /// The 99th percentile of the time that `/health` takes on a kept connection.
    private static func p99(_ port: Int, calls: Int = 500) async throws -> Duration {
        try await RawConnection.with(port: port) { connection in
            var times: [Duration] = []
            for _ in 0..<calls {
                let began = ContinuousClock.now
                try await connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try await connection.readAnswer()
                times.append(.now - began)
            }
            return times.sorted()[calls * 99 / 100]
        }
    }

    /// Opens connections that send a byte of their head and then one more now and then.
    private static func open(_ count: Int, _ port: Int) async throws -> [any Channel] {
        var channels: [any Channel] = []
        for _ in 0..<count {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            channel.writeAndFlush(ByteBuffer(string: "GET /health HTTP/1.1\r\n"), promise: nil)
            channels.append(channel)
        }
        return channels
    }

    @Test("1,000 connections that drip leave the others as quick as they were")
    func dripping() async throws {
        try await FleetRig.with(configure: { $0.maxConnectionsPerAddress = 2000 }) { rig in
            _ = try await Self.p99(rig.port)
            let quiet = try await Self.p99(rig.port)
            let slow = try await Self.open(1000, rig.port)
            let dripping = Task {
                while !Task.isCancelled {
                    for channel in slow {
                        channel.writeAndFlush(ByteBuffer(string: "X"), promise: nil)
                    }
                    try await Task.sleep(for: .seconds(1))
                }
            }
            let busy = try await Self.p99(rig.port)
            dripping.cancel()
            for channel in slow { try? await channel.close() }
            print("p99 of /health: quiet \(quiet), with 1,000 slow connections \(busy)")
            #expect(busy < max(quiet * Self.allowed, Self.noise))
        }
    }
}
