// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
public import BrowserFleetCore
public import BrowserFleetDevTools
import BrowserFleetEgress
public import BrowserFleetRuntime
import Synchronization

/// One running Chromium in its jail, with its DevTools pipe and its relay.
public final class ChromiumBrowser: LaunchedBrowser, DevToolsServing {
    /// The host of its DevTools pipe.
    public let devTools: DevToolsHost
    /// The slot it was launched for.
    public let slot: SlotID

    let launcher: ChromiumLauncher
    let isHeadful: Bool
    private let process: BrowserProcess
    private let relay: EgressRelay
    private let ending = Mutex<Task<Void, Never>?>(nil)
    private let chosenViewport = Mutex<Viewport?>(nil)

    init(
        process: BrowserProcess, devTools: DevToolsHost, relay: EgressRelay,
        launcher: ChromiumLauncher, isHeadful: Bool
    ) {
        self.process = process
        self.devTools = devTools
        self.relay = relay
        self.launcher = launcher
        self.isHeadful = isHeadful
        slot = process.owner.slot
    }

    /// The first process of the browser's tree, in the server's PID namespace: bubblewrap's in a
    /// jail.
    public var processID: Int32 { process.root.pid }

    /// When a client last sent or received a message.
    public var lastActivity: FleetInstant? { devTools.lastActivity }

    /// Bytes through the relay, and what it refused.
    public var traffic: BrowserTraffic {
        let traffic = relay.traffic
        return BrowserTraffic(
            bytesIn: Int64(clamping: traffic.bytesReceived),
            bytesOut: Int64(clamping: traffic.bytesSent),
            refused: Int64(clamping: traffic.refusedTotal))
    }

    /// Sends traffic through the lease's proxy and sizes the windows that are there.
    public func prepare(_ settings: LeaseSettings) async throws(LaunchError) {
        if let proxy = settings.proxy { try await leave(through: proxy) }
        guard let viewport = settings.viewport else { return }
        chosenViewport.withLock { $0 = viewport }
        await resize(to: viewport)
        // A window of its own is what a size is for there, and a tab has none.
        guard !isHeadful else { return }
        try? await devTools.setPageSize(PageSize(width: viewport.width, height: viewport.height))
    }

    /// The size of pages of our own; nil leaves it to the browser.
    var viewport: Viewport? { chosenViewport.withLock { $0 } }

    private func leave(through proxy: ProxySettings) async throws(LaunchError) {
        do {
            let upstream = try UpstreamProxy(
                server: proxy.server, username: proxy.username, password: proxy.password,
                bypass: proxy.bypass.joined(separator: ","))
            try await relay.update(policy: launcher.configuration.egress, upstream: upstream)
        } catch let error as UpstreamProxyError {
            throw LaunchError(
                .invalidProxy, "\(error.field) cannot be used.", remedy: "\(error.advice)")
        } catch {
            throw LaunchError(
                .other, "The relay cannot use the proxy.", remedy: "Create the browser again.")
        }
    }

    /// Sizes the windows that are there; best effort, since a client sets its own viewport anyway.
    private func resize(to viewport: Viewport) async {
        let targets = try? await devTools.call("Target.getTargets")
        for target in targets?["targetInfos"]?.arrayValue ?? [] {
            guard target["type"]?.stringValue == "page", let id = target["targetId"],
                let window = try? await devTools.call(
                    "Browser.getWindowForTarget", params: ["targetId": id]),
                let windowID = window["windowId"]
            else { continue }
            let bounds: JSONValue = [
                "width": .integer(Int64(viewport.width)),
                "height": .integer(Int64(viewport.height)),
            ]
            _ = try? await devTools.call(
                "Browser.setWindowBounds", params: ["windowId": windowID, "bounds": bounds])
        }
    }

    /// Memory, the jail's files included, and processor time of the whole tree.
    public func resources() async -> BrowserResources? {
        let root = process.root.pid
        let isJailed = process.isJailed
        // Milliseconds of reading `/proc`: not on a thread that sockets wait for.
        return await Task.detached {
            guard var resources = ProcessTree(root: root).resources() else { return nil }
            if isJailed { resources.memory += JailStorage.usedBytes(root: root) }
            return resources
        }.value
    }

    /// Returns when the pipe has closed, with who closed it.
    public func awaitExit() async -> BrowserExit {
        // The pipe closes with the browser's process, whatever ended it.
        let end = await devTools.awaitEnd()
        if ending.withLock({ $0 != nil }) { return .ended }
        return switch end {
        case .pipeClosed: .crashed
        case .closeRequested: .closedByClient
        }
    }

    /// Tells clients the reason, kills the jail and returns when nothing is left.
    public func end(_ reason: EndReason) async {
        let task = ending.withLock { ending in
            let task = ending ?? Task { await self.tearDown(reason) }
            ending = task
            return task
        }
        await task.value
    }

    // Clients first, so that they learn the reason; then the processes at once, since a clean exit
    // would only tidy a profile that is thrown away; the files when no process is left.
    private func tearDown(_ reason: EndReason) async {
        await devTools.end(reason)
        await process.destroy()
        await relay.stop()
        launcher.live.remove(slot)
    }

    /// How the processes ended and what they said last; nil while they run.
    public var obituary: String? {
        process.child.status.map { "\($0); \(Printable.quote(process.complaints.text))" }
    }
}
