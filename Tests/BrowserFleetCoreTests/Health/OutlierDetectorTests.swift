// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("A server that fails real calls")
struct OutlierDetectorTests {
    private static func second(_ seconds: Int) -> FleetInstant {
        FleetInstant.origin.advanced(by: .seconds(seconds))
    }

    /// Lets a server fail so often in a row; how long it is out afterwards.
    private func fail(
        _ detector: inout OutlierDetector, _ name: String, times: Int, known: Int = 10, at: Int
    ) throws -> Duration? {
        let server = try ServerName(name)
        var time: Duration?
        for _ in 0..<times {
            let out = detector.observe(server, failed: true, known: known, at: Self.second(at))
            time = out ?? time
        }
        return time
    }

    @Test("is out for half a minute after five failures in a row, and back by itself")
    func ejects() throws {
        var detector = OutlierDetector()
        let server = try ServerName("a")
        #expect(try fail(&detector, "a", times: 4, at: 0) == nil)
        _ = detector.observe(server, failed: false, known: 10, at: .origin)
        #expect(try fail(&detector, "a", times: 4, at: 0) == nil, "a success begins anew")
        #expect(try fail(&detector, "a", times: 1, at: 0) == .seconds(30))
        #expect(detector.isEjected(server, at: Self.second(29)))
        #expect(!detector.isEjected(server, at: Self.second(30)))
    }

    @Test("is out longer each time, up to a limit, and earns its way back")
    func longer() throws {
        var detector = OutlierDetector(limits: .init(longest: .seconds(70)))
        #expect(try fail(&detector, "a", times: 5, at: 0) == .seconds(30))
        #expect(try fail(&detector, "a", times: 5, at: 31) == .seconds(60))
        #expect(try fail(&detector, "a", times: 5, at: 92) == .seconds(70))
        // In again at 162; one step is forgiven at 192, another at 222.
        #expect(try fail(&detector, "a", times: 5, at: 223) == .seconds(60))
    }

    @Test("is not counted twice while it is out")
    func once() throws {
        var detector = OutlierDetector()
        #expect(try fail(&detector, "a", times: 5, at: 0) == .seconds(30))
        #expect(try fail(&detector, "a", times: 50, at: 1) == nil)
    }

    @Test(
        "stays in when a tenth of the fleet is out already",
        arguments: [(3, 1), (10, 1), (30, 3)])
    func share(known: Int, most: Int) throws {
        var detector = OutlierDetector()
        var out = 0
        for number in 0..<known {
            let time = try fail(&detector, "s\(number)", times: 5, known: known, at: 0)
            out += time == nil ? 0 : 1
        }
        #expect(out == most)
    }
}
