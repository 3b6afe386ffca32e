// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetRuntime

/// A clock for code that must not look at the time: every use ends the test with a message.
public struct UnimplementedClock: FleetClock {
    /// Creates the clock.
    public init() {}

    /// Must not be read.
    public var now: FleetInstant { fatalError("This test does not expect the clock to be read.") }

    /// Must not be read.
    public var unixMilliseconds: Int64 {
        fatalError("This test does not expect the wall clock to be read.")
    }

    /// Must not be slept on.
    public func sleep(until instant: FleetInstant) async throws {
        fatalError("This test does not expect a sleep until \(instant).")
    }
}

/// A launcher for code that must not start browsers: every use ends the test with a message.
public struct UnimplementedLauncher: BrowserLauncher {
    /// Creates the launcher.
    public init() {}

    /// Must not be called.
    public func launch(_ request: LaunchRequest) async throws(LaunchError) -> FakeBrowser {
        fatalError("This test does not expect a launch of \(request).")
    }

    /// Must not be called.
    public func sweep(keeping owned: Set<SlotID>) async -> SweepReport {
        fatalError("This test does not expect a sweep.")
    }

    /// Must not be asked.
    public var engine: EngineDescription {
        fatalError("This test does not expect the engine to be asked.")
    }
}

/// A caller for code that must not talk to other servers: every use ends the test with a message.
public struct UnimplementedServerCaller: ServerCaller {
    /// Creates the caller.
    public init() {}

    /// Must not be called.
    public func call(_ call: ServerCall) async throws(ServerCallError) -> ServerAnswer {
        fatalError("This test does not expect \(call.method) \(call.path) at \(call.endpoint).")
    }
}
