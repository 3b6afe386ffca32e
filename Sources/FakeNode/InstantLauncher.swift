// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime

/// Starts browsers that are nothing at all, at once, so that a create costs what the fleet costs.
struct InstantLauncher: BrowserLauncher {
    /// The one DevTools host that all of them show; nobody attaches to it.
    let devTools: DevToolsHost

    var engine: EngineDescription {
        EngineDescription(version: "None/1.0", isolation: .none, sandbox: false)
    }

    func launch(_ request: LaunchRequest) async throws(LaunchError) -> InstantBrowser {
        InstantBrowser(devTools: devTools)
    }

    func sweep(keeping owned: Set<SlotID>) async -> SweepReport { SweepReport() }
}

/// A browser that is nothing; it lives until it is ended.
struct InstantBrowser: LaunchedBrowser, DevToolsServing, PageRendering {
    let devTools: DevToolsHost
    private let life: AsyncStream<Never>
    private let death: AsyncStream<Never>.Continuation

    init(devTools: DevToolsHost) {
        self.devTools = devTools
        (life, death) = AsyncStream.makeStream()
    }

    var lastActivity: FleetInstant? { nil }

    var traffic: BrowserTraffic { BrowserTraffic() }

    func prepare(_ settings: LeaseSettings) async throws(LaunchError) {}

    func resources() async -> BrowserResources? { nil }

    func awaitExit() async -> BrowserExit {
        for await _ in life {}
        return .ended
    }

    func end(_ reason: EndReason) async { death.finish() }

    func screenshot(_ request: ScreenshotRequest) async throws -> RenderedPage { throw Nothing() }

    func pdf(_ source: PageSource) async throws -> RenderedPage { throw Nothing() }

    func content(_ source: PageSource) async throws -> RenderedPage { throw Nothing() }

    /// There is no page.
    private struct Nothing: Error {}
}
