// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCDP
public import BrowserFleetCore
public import BrowserFleetRuntime
public import NIOCore
import Synchronization

/// Owns one browser's DevTools pipe and lets many clients share it.
///
/// Everything about one browser runs on one event loop, its *home*. While nobody else is attached
/// the home follows the next client to its loop, so that a message between the two never waits for
/// another thread to wake.
public final class DevToolsHost: Sendable {
    /// Limits of a host.
    public struct Configuration: Sendable {
        /// Bytes a client may leave unread before it counts as too slow; one message on top of it
        /// may be larger.
        public var clientQueueBound = 8 << 20
        /// The rules between clients.
        public var bridge = BridgeMachine.Configuration()

        /// How descriptors are duplicated; tests run out of them.
        package var copyDescriptor: @Sendable (CInt) -> CInt = PipeDescriptors.systemCopy

        /// The default limits.
        public init() {}
    }

    private let core: BridgeCore
    private let state: HostState
    private let descriptors: PipeDescriptors
    private let own: InternalClient
    private let ownID: ClientID

    /// Takes over the pipe of a browser that has just started.
    ///
    /// - Parameters:
    ///   - readDescriptor: what the browser writes to; the host's from here on, also when the call
    ///     throws.
    ///   - writeDescriptor: what the browser reads from; likewise.
    ///   - group: where the pipe's event loop comes from.
    ///   - clock: tells the time of activity.
    ///   - configuration: limits.
    /// - Throws: ``DevToolsError`` when the browser does not answer.
    public init(
        readDescriptor: CInt, writeDescriptor: CInt, group: any EventLoopGroup,
        clock: any FleetClock = MonotonicClock(), configuration: Configuration = Configuration()
    ) async throws {
        let loop = group.next()
        let state = HostState()
        let descriptors = PipeDescriptors(
            read: readDescriptor, write: writeDescriptor, copy: configuration.copyDescriptor)
        let core = BridgeCore(
            loop: loop, clock: clock, clientQueueBound: configuration.clientQueueBound,
            configuration: configuration.bridge, observer: state)
        let own = InternalClient(eventLoop: loop)
        do {
            let pair = try descriptors.duplicate()
            ownID = try await loop.flatSubmit {
                descriptors.open(pair, on: loop, core: core).flatMap {
                    let (id, attached) = core.attach(own, root: .browser, isInternal: true)
                    return attached.map { id }
                }
            }.get()
        } catch {
            loop.execute { core.end(.ended(.unhealthy)) }
            descriptors.close()
            throw error
        }
        self.core = core
        self.state = state
        self.descriptors = descriptors
        self.own = own
    }

    // MARK: Clients

    /// Attaches a client and answers once it has a session of its own.
    ///
    /// The sink's calls may begin before this returns; hold the client's messages back until then.
    ///
    /// - Parameters:
    ///   - sink: the far side.
    ///   - root: the browser, or one page.
    /// - Returns: what the sink hands the client's messages to.
    /// - Throws: ``DevToolsError``: `refused` when there is no such page, `pipeClosed`, `timedOut`.
    public func attach(
        _ sink: any DevToolsClientSink, root: ClientRoot
    ) async throws -> DevToolsClient {
        try await follow(sink.eventLoop)
        let (client, attached) = try await onHome { core in
            let (id, attached) = core.attach(sink, root: root, isInternal: false)
            return (DevToolsClient(id: id, core: core, sinkLoop: sink.eventLoop), attached)
        }
        try await attached.get()
        return client
    }

    /// Moves the home to `loop`, unless a client that is there already relies on it. Without
    /// descriptors for the move it stays where it is, and each message takes a hop.
    private func follow(_ loop: any EventLoop) async throws {
        guard !core.isHome(loop) else { return }
        try await onHome { [descriptors] core in
            guard core.loop !== loop, let pair = try? descriptors.duplicate() else { return }
            guard core.release(to: loop) else { return pair.close() }
            // First in the new loop's queue: whoever finds the new home comes behind it.
            loop.execute {
                descriptors.open(pair, on: loop, core: core)
                    .whenFailure { _ in core.pipeBecameInactive() }
            }
        }
    }

    // MARK: Calls of our own

    /// Sends one command and answers its result.
    ///
    /// - Parameters:
    ///   - method: the CDP method, such as `Page.navigate`.
    ///   - params: its parameters.
    ///   - session: a session that an earlier `Target.attachToTarget` of ours gave; nil is the
    ///     browser.
    ///   - timeout: how long the browser may take.
    /// - Returns: the `result` of the browser's answer.
    /// - Throws: ``DevToolsError``.
    public func call(
        _ method: String, params: JSONValue = .object([]), session: String? = nil,
        timeout: Duration = .seconds(10)
    ) async throws -> JSONValue {
        let answer = try await onHome { [own, ownID] core in
            guard let (id, promise) = own.reserveCall(on: core.loop) else {
                throw DevToolsError(.pipeClosed, "The browser has ended.")
            }
            let message = CallMessage.encode(
                id: id, method: method, params: params, sessionID: session)
            core.receive(from: ownID, ByteBuffer(bytes: message))
            core.finishWakeUp()
            Self.limit(promise, id, own, timeout, "\(method) got no answer within \(timeout).")
            return promise.futureResult
        }
        return try await answer.get()
    }

    /// Begins to wait for the next event of this name; the future answers its parameters.
    ///
    /// Call it before the command that causes the event.
    ///
    /// - Parameters:
    ///   - method: the event, such as `Page.lifecycleEvent`.
    ///   - session: the session it comes on; nil takes any.
    ///   - timeout: how long the event may take.
    /// - Returns: a future of the event's `params`.
    /// - Throws: ``DevToolsError`` when the browser has ended.
    public func nextEvent(
        _ method: String, session: String? = nil, timeout: Duration = .seconds(10)
    ) async throws -> EventLoopFuture<JSONValue> {
        try await onHome { [own] core in
            guard let wait = own.expect(event: method, session: session, on: core.loop) else {
                throw DevToolsError(.pipeClosed, "The browser has ended.")
            }
            Self.limit(
                wait.promise, wait.number, own, timeout, "\(method) did not come within \(timeout)."
            )
            return wait.promise.futureResult
        }
    }

    private static func limit(
        _ promise: EventLoopPromise<JSONValue>, _ number: Int32, _ own: InternalClient,
        _ timeout: Duration, _ message: String
    ) {
        let loop = promise.futureResult.eventLoop
        let timer = loop.scheduleTask(in: .nanoseconds(timeout.wholeNanoseconds)) {
            own.giveUp(number, DevToolsError(.timedOut, message))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
    }

    // MARK: State

    /// The target IDs of the pages there are, oldest first, as the browser has told of them.
    ///
    /// - Throws: nothing but what a closed event loop throws.
    public func pages() async throws -> [String] {
        try await onHome { core in core.pages }
    }

    /// Gives the pages that clients make from now on this size, unless their call names one.
    ///
    /// - Parameter size: the size; nil leaves it to the browser.
    /// - Throws: nothing but what a closed event loop throws.
    public func setPageSize(_ size: PageSize?) async throws {
        try await onHome { core in core.setPageSize(size) }
    }

    /// The target ID of the page that a client last attached to or navigated.
    public var lastPage: String? { state.lastPage }

    /// When a client of others last sent or received a message; nil if none ever did.
    public var lastActivity: FleetInstant? { state.lastActivity }

    /// Returns once the pipe closed or a client asked for `Browser.close`.
    public func awaitEnd() async -> DevToolsEnd { await state.awaitEnd() }

    /// Tells every client `reason` by its close code and closes the pipe, whereupon Chromium
    /// leaves by itself. Idempotent.
    public func end(_ reason: EndReason) async {
        try? await onHome { core in core.end(.ended(reason)) }
        descriptors.close()
    }

    private func onHome<Answer: Sendable>(
        _ body: @escaping @Sendable (BridgeCore) throws -> Answer
    ) async throws -> Answer {
        while true {
            let loop = core.home.withLock { $0 }
            let answer = try await loop.submit { [self] () throws -> Answer? in
                // The home may have moved while this waited in the queue of the old one.
                guard core.isHome(loop) else { return nil }
                return try body(core)
            }.get()
            if let answer { return answer }
        }
    }
}
