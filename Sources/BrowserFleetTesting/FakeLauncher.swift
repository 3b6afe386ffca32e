// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetDevTools
public import BrowserFleetRuntime
public import NIOCore
public import NIOPosix
import Synchronization

/// Starts browsers that are nothing but a DevTools pipe with a scripted peer behind it.
public final class FakeLauncher: BrowserLauncher {
    /// What becomes of one launch.
    public enum Outcome: Sendable {
        /// It answers after this long, on the launcher's clock.
        case succeeds(after: Duration = .zero)
        /// It fails after this long.
        case fails(LaunchError, after: Duration = .zero)
        /// It never answers; only a cancellation ends it.
        case hangs
    }

    /// Decides the outcome of the `number`th launch, counted from 1.
    public typealias Script = @Sendable (_ request: LaunchRequest, _ number: Int) -> Outcome

    private struct State {
        var launches = 0
        var live: [SlotID: FakeBrowser] = [:]
    }

    private let clock: any FleetClock
    private let group: any EventLoopGroup
    private let devTools: DevToolsHost.Configuration
    private let script: Script
    private let state = Mutex(State())

    /// Creates a launcher.
    ///
    /// - Parameters:
    ///   - clock: what the delays of the script run on.
    ///   - group: where the pipes' event loops come from.
    ///   - devTools: limits of the browsers' hosts.
    ///   - script: decides what becomes of each launch; all succeed at once by default.
    public init(
        clock: any FleetClock = MonotonicClock(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        devTools: DevToolsHost.Configuration = DevToolsHost.Configuration(),
        script: @escaping Script = { _, _ in .succeeds() }
    ) {
        self.clock = clock
        self.group = group
        self.devTools = devTools
        self.script = script
    }

    /// Says that nothing is isolated, because there is nothing to isolate.
    public var engine: EngineDescription {
        EngineDescription(
            version: "Fake/1.0", isolation: .none, sandbox: false, builtAt: 0,
            switches: ["--mute-audio"])
    }

    /// Launches so far, whatever became of them.
    public var launches: Int { state.withLock { $0.launches } }

    /// Browsers that have not ended, by slot.
    public var live: [FakeBrowser] {
        state.withLock { state in state.live.keys.sorted().compactMap { state.live[$0] } }
    }

    /// Starts a browser as the script says.
    public func launch(_ request: LaunchRequest) async throws(LaunchError) -> FakeBrowser {
        let number = state.withLock { state in
            state.launches += 1
            return state.launches
        }
        switch script(request, number) {
        case .succeeds(let delay):
            try await wait(until: clock.now.advanced(by: delay))
            return try await start(request)
        case .fails(let error, let delay):
            try await wait(until: clock.now.advanced(by: delay))
            throw error
        case .hangs:
            try await wait(until: .distantFuture)
            throw LaunchError(.timedOut, "The fake never answers.", remedy: "None is needed.")
        }
    }

    /// Finds nothing, because fakes leave nothing.
    public func sweep(keeping owned: Set<SlotID>) async -> SweepReport { SweepReport() }

    private func wait(until deadline: FleetInstant) async throws(LaunchError) {
        guard deadline > clock.now else { return }
        do {
            try await clock.sleep(until: deadline)
        } catch {
            throw LaunchError(.cancelled, "The launch was given up.", remedy: "None is needed.")
        }
    }

    private func start(_ request: LaunchRequest) async throws(LaunchError) -> FakeBrowser {
        do {
            let browser = try await FakeBrowser.start(
                request, group: group, devTools: devTools
            ) { [weak self] in
                _ = self?.state.withLock { $0.live.removeValue(forKey: request.slot) }
            }
            state.withLock { $0.live[request.slot] = browser }
            return browser
        } catch {
            throw LaunchError(.other, "\(error)", remedy: "Look at the fake's pipe.")
        }
    }
}
