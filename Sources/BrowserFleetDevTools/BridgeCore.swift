// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetRuntime
import NIOCore
import Synchronization

/// Runs one ``BridgeMachine``: the only place that turns its actions into bytes on sockets.
///
/// `@unchecked Sendable`: every member is used on the home loop only. ``DevToolsHost`` enters
/// through it, and changes it only while no client is attached and the old loop has let go.
final class BridgeCore: @unchecked Sendable {
    /// Messages up to this many bytes are gathered into one write; longer ones are not copied.
    private static let gatherLimit = 32_768
    /// Room for gathering that is kept from one wake-up to the next.
    private static let keptCapacity = 262_144

    private(set) var loop: any EventLoop
    /// The same, for those who are not on it: to be asked again once they are.
    let home: Mutex<any EventLoop>
    /// Tells the home loop from others, for a look that costs nothing.
    private let homeMark: Atomic<UInt>
    private let clock: any FleetClock
    private let clientQueueBound: Int
    private var machine: BridgeMachine
    private var splitter = MessageSplitter()
    private var attachments: [ClientID: Attachment] = [:]
    /// The one of them that was found last: mostly it is the next one too.
    private var recent: Attachment?
    private var attaching: [ClientID: EventLoopPromise<Void>] = [:]
    private var touched: [Attachment] = []
    private var actions: [BridgeMachine.Action] = []
    private var running: [BridgeMachine.Action] = []
    private var pipe: (any Channel)?
    private var pipeHandler: PipeHandler?
    private var toPipe: ByteBuffer
    private var now: FleetInstant
    private var sawForeignTraffic = false
    private var armed: (deadline: FleetInstant, timer: Scheduled<Void>)?
    private var nextClient = 1
    private var hasBegun = false
    private var isEnding = false

    private let observer: any BridgeObserver

    init(
        loop: any EventLoop, clock: any FleetClock, clientQueueBound: Int,
        configuration: BridgeMachine.Configuration, observer: any BridgeObserver
    ) {
        self.loop = loop
        home = Mutex(loop)
        homeMark = Atomic(Self.mark(of: loop))
        self.clock = clock
        self.clientQueueBound = clientQueueBound
        self.machine = BridgeMachine(configuration: configuration)
        self.toPipe = ByteBufferAllocator().buffer(capacity: 4096)
        self.now = clock.now
        self.observer = observer
    }

    /// The pages there are, oldest first.
    var pages: [String] { machine.pages }

    /// Gives pages that clients make from now on this size, unless their call names one.
    func setPageSize(_ size: PageSize?) {
        now = clock.now
        machine.handle(.pageSize(size), at: now, into: &actions)
        finishWakeUp()
    }

    /// Clients of others than ourselves that are attached.
    var hasForeignClients: Bool { attachments.values.contains { !$0.isInternal } }

    /// Whether the core still lives on `loop`; what was queued there before a move is void, since
    /// the core only moves when no client is attached.
    @inline(__always)
    func isHome(_ loop: any EventLoop) -> Bool {
        homeMark.load(ordering: .acquiring) == Self.mark(of: loop)
    }

    private static func mark(of loop: any EventLoop) -> UInt {
        UInt(bitPattern: ObjectIdentifier(loop))
    }

    @inline(__always)
    private func find(_ client: ClientID) -> Attachment? {
        if let recent, recent.client == client { return recent }
        recent = attachments[client]
        return recent
    }

    private func forget(_ client: ClientID) -> Attachment? {
        recent = nil
        return attachments.removeValue(forKey: client)
    }

    // MARK: The pipe

    /// The pipe is open, on the core's loop.
    func pipeOpened(_ channel: any Channel, _ handler: PipeHandler) {
        pipe = channel
        pipeHandler = handler
        now = clock.now
        if !hasBegun { machine.handle(.pipeOpened, at: now, into: &actions) }
        hasBegun = true
        finishWakeUp()
    }

    /// Lets go of the pipe, so that `loop` can take it; false while bytes are on their way or
    /// somebody relies on this home.
    func release(to loop: any EventLoop) -> Bool {
        guard let channel = pipe, !hasForeignClients, !isEnding, toPipe.readableBytes == 0,
            let unsent = try? channel.syncOptions?.getOption(.bufferedWritableBytes), unsent == 0
        else { return false }
        letGoOfPipe()
        channel.close(promise: nil)
        homeMark.store(Self.mark(of: loop), ordering: .releasing)
        home.withLock { $0 = loop }
        self.loop = loop
        return true
    }

    /// Bytes from the browser.
    func receivedFromBrowser(_ bytes: ByteBuffer) {
        now = clock.now
        splitter.append(bytes)
        while var message = splitter.next() {
            receive(fromBrowser: &message)
        }
    }

    /// The pipe takes bytes again, or no longer does: clients are not read while it does not.
    func pipeWritabilityChanged(_ isWritable: Bool) {
        for attachment in attachments.values {
            let sink = attachment.sink
            sink.eventLoop.perform { sink.pauseReading(!isWritable) }
        }
    }

    /// The pipe closed, or was handed to another loop.
    func pipeBecameInactive() {
        letGoOfPipe()
        now = clock.now
        machine.handle(.pipeClosed, at: now, into: &actions)
        finishWakeUp()
        for client in attachments.keys.sorted() { close(client, .client(.browserCrashed)) }
        observer.pipeClosed()
    }

    /// The handler and a waiting timer hold the core: it lives for as long as it holds them.
    private func letGoOfPipe() {
        pipe = nil
        pipeHandler?.release()
        pipeHandler = nil
        armed?.timer.cancel()
        armed = nil
    }

    // MARK: Clients

    /// Adds a client; the future answers once it has its root session.
    func attach(
        _ sink: any DevToolsClientSink, root: ClientRoot, isInternal: Bool
    ) -> (ClientID, EventLoopFuture<Void>) {
        let client = ClientID(nextClient)
        nextClient += 1
        let promise = loop.makePromise(of: Void.self)
        guard !isEnding else {
            promise.fail(DevToolsError(.pipeClosed, "The browser is ending."))
            return (client, promise.futureResult)
        }
        attachments[client] = Attachment(
            client: client, sink: sink, isInternal: isInternal, home: loop)
        attaching[client] = promise
        now = clock.now
        machine.handle(
            .clientAttached(client, root: root, isInternal: isInternal), at: now, into: &actions)
        finishWakeUp()
        return (client, promise.futureResult)
    }

    /// Forgets a client whose socket has gone.
    func detach(_ client: ClientID) {
        guard forget(client) != nil else { return }
        now = clock.now
        machine.handle(.clientDetached(client), at: now, into: &actions)
        finishWakeUp()
    }

    /// One whole message of a client. Call ``finishWakeUp()`` after the last of a batch.
    func receive(from client: ClientID, _ message: ByteBuffer) {
        guard let attachment = find(client) else { return }
        if toPipe.readableBytes == 0 { now = clock.now }
        if !attachment.isInternal { sawForeignTraffic = true }
        unsafe message.withUnsafeReadableBytes { bytes in
            let span = unsafe Span<UInt8>(
                _unsafeElements: bytes.assumingMemoryBound(to: UInt8.self))
            machine.receive(fromClient: client, span, at: now, into: &actions)
        }
        runActions(message)
    }

    /// Looks again at how much a sink holds, after its socket took bytes.
    func queueDrained(_ client: ClientID, unsent: Int) {
        guard let attachment = find(client) else { return }
        now = clock.now
        updateLevel(attachment, unsent: unsent)
        finishWakeUp()
    }

    /// Ends every client with `reason`, then closes the pipe, whereupon the browser leaves.
    func end(_ reason: DevToolsCloseReason) {
        guard !isEnding else { return }
        isEnding = true
        for client in attachments.keys.sorted() { close(client, reason) }
        for client in attaching.keys.sorted() {
            attaching.removeValue(forKey: client)?.fail(
                DevToolsError(.pipeClosed, "The browser is ending."))
        }
        pipe?.close(promise: nil)
    }

    // MARK: Actions

    private func receive(fromBrowser message: inout ByteBuffer) {
        unsafe message.withUnsafeReadableBytes { bytes in
            let span = unsafe Span<UInt8>(
                _unsafeElements: bytes.assumingMemoryBound(to: UInt8.self))
            machine.receive(fromBrowser: span, at: now, into: &actions)
        }
        runActions(message)
    }

    private func runActions(_ message: ByteBuffer) {
        // Running an action may close a socket, whose going makes more actions: those wait for
        // the next round, behind the ones that were there first.
        guard running.isEmpty else { return }
        while !actions.isEmpty {
            swap(&actions, &running)
            for action in running { run(action, message) }
            running.removeAll(keepingCapacity: true)
        }
    }

    private func run(_ action: BridgeMachine.Action, _ message: ByteBuffer) {
        switch action {
        case .toBrowser(let edit): writeToBrowser(message, edit)
        case .toClient(let client, let edit): send(message, edit, to: client)
        case .command(let bytes): writeToBrowser(ByteBuffer(bytes: bytes), .none)
        case .reply(let client, let bytes): send(ByteBuffer(bytes: bytes), .none, to: client)
        case .attached(let client): attaching.removeValue(forKey: client)?.succeed(())
        case .attachFailed(let client, let failure): failAttach(client, failure)
        case .closeClient(let client, let reason): close(client, .client(reason))
        case .browserClosing: observer.closeRequested()
        case .pageTouched(let targetID): observer.pageTouched(targetID)
        case .pageGone(let targetID): observer.pageGone(targetID)
        }
    }

    private func failAttach(_ client: ClientID, _ failure: BridgeMachine.AttachFailure) {
        _ = forget(client)
        let error =
            switch failure {
            case .refused(let words): DevToolsError(.refused, words)
            case .timedOut: DevToolsError(.timedOut, "The browser did not answer the attach.")
            case .pipeClosed: DevToolsError(.pipeClosed, "The browser has ended.")
            }
        attaching.removeValue(forKey: client)?.fail(error)
    }

    private func close(_ client: ClientID, _ reason: DevToolsCloseReason) {
        guard let attachment = forget(client) else { return }
        let sink = attachment.sink
        sink.eventLoop.perform {
            sink.flush()
            sink.close(reason)
        }
    }

    private func writeToBrowser(_ message: ByteBuffer, _ edit: Edit) {
        if message.readableBytes <= Self.gatherLimit {
            toPipe.writeMessage(message, edit: edit)
        } else {
            let (head, tail) = message.parts(around: edit)
            writeGathered()
            pipe?.write(head, promise: nil)
            toPipe.writeBytes(edit.inserted)
            toPipe.writeImmutableBuffer(tail)
        }
        toPipe.writeInteger(UInt8(0))
    }

    private func writeGathered() {
        guard toPipe.readableBytes > 0 else { return }
        pipe?.write(toPipe, promise: nil)
        toPipe.clear()
    }

    private func send(_ message: ByteBuffer, _ edit: Edit, to client: ClientID) {
        guard let attachment = find(client) else { return }
        let sink = attachment.sink
        guard !attachment.isInternal else { return sink.send(message, edit: edit) }
        sawForeignTraffic = true
        attachment.lastLength = message.readableBytes
        if !attachment.isTouched {
            attachment.isTouched = true
            touched.append(attachment)
        }
        guard !attachment.isAtHome else { return sink.send(message, edit: edit) }
        sink.eventLoop.execute { sink.send(message, edit: edit) }
    }

    // MARK: The end of a wake-up

    /// Hands everything that was gathered to the kernel: once a wake-up, not once a message.
    func finishWakeUp() {
        if !actions.isEmpty { runActions(ByteBuffer()) }
        while let attachment = touched.popLast() { flush(attachment) }
        if toPipe.readableBytes > 0, let pipe {
            pipe.write(toPipe, promise: nil)
            pipe.flush()
            // The kernel usually took it all, so the storage is ours again and is kept.
            if toPipe.capacity <= Self.keptCapacity {
                toPipe.clear()
            } else {
                toPipe = ByteBuffer()
            }
        }
        if sawForeignTraffic {
            sawForeignTraffic = false
            observer.activity(at: now)
        }
        armTimer()
    }

    private func flush(_ attachment: Attachment) {
        attachment.isTouched = false
        let sink = attachment.sink
        guard !attachment.isAtHome else {
            sink.flush()
            updateLevel(attachment, unsent: sink.unsentBytes)
            return
        }
        let (client, home) = (attachment.client, loop)
        sink.eventLoop.execute {
            sink.flush()
            let unsent = sink.unsentBytes
            home.execute {
                if self.isHome(home) { self.queueDrained(client, unsent: unsent) }
            }
        }
    }

    private func updateLevel(_ attachment: Attachment, unsent: Int) {
        let level = queueLevel(of: attachment, unsent: unsent)
        guard level != attachment.level else { return }
        attachment.level = level
        machine.handle(.clientQueue(attachment.client, level), at: now, into: &actions)
        runActions(ByteBuffer())
    }

    private func queueLevel(of attachment: Attachment, unsent: Int) -> QueueLevel {
        if unsent - attachment.lastLength >= clientQueueBound { return .full }
        return unsent > clientQueueBound / 2 ? .half : .low
    }

    // MARK: Time

    private func armTimer() {
        guard let deadline = machine.nextDeadline, pipe != nil else { return }
        if let armed, armed.deadline <= deadline { return }
        armed?.timer.cancel()
        let wait = max(clock.now.duration(to: deadline), .zero)
        let timer = loop.scheduleTask(in: .nanoseconds(wait.wholeNanoseconds)) { self.tick() }
        armed = (deadline, timer)
    }

    private func tick() {
        armed = nil
        now = clock.now
        machine.handle(.tick, at: now, into: &actions)
        finishWakeUp()
    }
}
