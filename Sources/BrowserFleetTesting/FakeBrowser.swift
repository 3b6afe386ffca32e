// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetDevTools
public import BrowserFleetRuntime
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A browser that is a DevTools pipe with ``FakeDevToolsPeer`` at its far end.
public final class FakeBrowser: LaunchedBrowser, DevToolsServing, PageRendering {
    private struct State {
        var exit: BrowserExit?
        var waiters: [CheckedContinuation<BrowserExit, Never>] = []
        var prepared: LeaseSettings?
        var endReason: EndReason?
        var memory: Int64 = 50 << 20
    }

    /// What it was asked to be.
    public let request: LaunchRequest
    /// The host that clients attach to.
    public let devTools: DevToolsHost
    private let peer: any Channel
    private let onEnd: @Sendable () -> Void
    private let state = Mutex(State())

    private init(
        request: LaunchRequest, devTools: DevToolsHost, peer: any Channel,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.request = request
        self.devTools = devTools
        self.peer = peer
        self.onEnd = onEnd
    }

    static func start(
        _ request: LaunchRequest, group: any EventLoopGroup, devTools: DevToolsHost.Configuration,
        onEnd: @escaping @Sendable () -> Void
    ) async throws -> FakeBrowser {
        let (toHost, toPeer) = (try Self.makePipe(), try Self.makePipe())
        let peer = try await NIOPipeBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FakeDevToolsPeer())
                }
            }
            .takingOwnershipOfDescriptors(input: toPeer.read, output: toHost.write).get()
        let host = try await DevToolsHost(
            readDescriptor: toHost.read, writeDescriptor: toPeer.write, group: group,
            configuration: devTools)
        let browser = FakeBrowser(request: request, devTools: host, peer: peer, onEnd: onEnd)
        Task { await browser.watch() }
        return browser
    }

    private static func makePipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw IOError(errnoCode: errno, reason: "pipe") }
        return (ends[0], ends[1])
    }

    private func watch() async {
        switch await devTools.awaitEnd() {
        case .closeRequested: finish(.closedByClient)
        case .pipeClosed: finish(.crashed)
        }
    }

    // MARK: What a test may do

    /// Ends the browser as a crash would: the pipe closes without a word.
    public func crash() {
        peer.close(promise: nil)
    }

    /// What `prepare` was called with.
    public var prepared: LeaseSettings? { state.withLock { $0.prepared } }

    /// Why `end` was called.
    public var endReason: EndReason? { state.withLock { $0.endReason } }

    /// Sets the memory that `resources` tells.
    public func setMemory(_ bytes: Int64) {
        state.withLock { $0.memory = bytes }
    }

    // MARK: LaunchedBrowser

    /// Remembers the settings.
    public func prepare(_ settings: LeaseSettings) async throws(LaunchError) {
        state.withLock { $0.prepared = settings }
    }

    /// The host's.
    public var lastActivity: FleetInstant? { devTools.lastActivity }

    /// Nothing ever crosses a relay that is not there.
    public var traffic: BrowserTraffic { BrowserTraffic() }

    /// One process with the memory that was set.
    public func resources() async -> BrowserResources? {
        BrowserResources(
            memory: state.withLock { $0.memory }, processorTime: .zero, processes: 1)
    }

    /// Waits for the end of the pipe, or for ``end(_:)``.
    public func awaitExit() async -> BrowserExit {
        await withCheckedContinuation { continuation in
            let exit = state.withLock { state -> BrowserExit? in
                if state.exit == nil { state.waiters.append(continuation) }
                return state.exit
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    /// Tells the clients and closes the pipe.
    public func end(_ reason: EndReason) async {
        state.withLock { $0.endReason = $0.endReason ?? reason }
        finish(.ended)
        await devTools.end(reason)
        try? await peer.close()
        onEnd()
    }

    private func finish(_ exit: BrowserExit) {
        let waiters = state.withLock { state -> [CheckedContinuation<BrowserExit, Never>] in
            guard state.exit == nil else { return [] }
            state.exit = exit
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: exit) }
    }

    // MARK: PageRendering

    /// The eight bytes every PNG begins with.
    public func screenshot(_ request: ScreenshotRequest) async throws -> RenderedPage {
        RenderedPage(
            bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
            contentType: "image/\(request.format.rawValue)")
    }

    /// The five bytes every PDF begins with.
    public func pdf(_ source: PageSource) async throws -> RenderedPage {
        RenderedPage(bytes: Array("%PDF-".utf8), contentType: "application/pdf")
    }

    /// An empty document.
    public func content(_ source: PageSource) async throws -> RenderedPage {
        RenderedPage(bytes: Array("<html></html>".utf8), contentType: "text/html; charset=utf-8")
    }
}
