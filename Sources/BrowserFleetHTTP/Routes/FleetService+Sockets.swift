// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore
import NIOCore

extension FleetService {
    /// Decides about an upgrade: who asks, for which browser, and whether that browser answers.
    /// Everything that can fail fails here, as an HTTP answer.
    func decide(_ upgrade: UpgradeRequest) async -> UpgradeAnswer {
        await observe(upgrade) { await judge(upgrade) }
    }

    private func judge(_ upgrade: UpgradeRequest) async -> UpgradeAnswer {
        do throws(Problem) {
            return try await answer(upgrade)
        } catch {
            let request = Request(head: upgrade.head, body: RequestBody(buffer: ByteBuffer()))
            metrics.answered("GET", error.status)
            return .refuse(located(error, request))
        }
    }

    private func answer(_ upgrade: UpgradeRequest) async throws(Problem) -> UpgradeAnswer {
        let head = upgrade.head
        if let problem = origin.problem { throw problem }
        guard let target = RequestTarget(head.path ?? "/") else {
            throw Problem(.malformedRequest, "The path or query has a broken escape.")
        }
        try checkHost()
        try checkOrigin(head)
        try admit(upgrade)
        switch SocketRoute(target) {
        case nil: throw Problem(.unknownPath, "There is no WebSocket at this path.")
        case .connect: return try await connect(upgrade, target)
        case .page(let page): return .accept(try await openPage(page, upgrade, target))
        case .browser(let text, let root):
            let id = try browserID(text)
            let caller = try await socketCaller(head, target, id)
            try accounts.countRequest(caller)
            let lease = try lease(text, for: caller)
            return .accept(try await open(lease, root, upgrade))
        }
    }

    /// Counts the call and the socket against the client's address. A connection of its own was
    /// counted when it came; one through a proxy belongs to nobody until a request names a client.
    private func admit(_ upgrade: UpgradeRequest) throws(Problem) {
        guard let address = origin.address else { return }
        try accounts.countRequest(from: address)
        guard address != upgrade.client.peer?.canonical else { return }
        let admission = connections.admit(upgrade.channel, from: address)
        if let problem = admission.problem { throw problem }
    }

    private func checkOrigin(_ head: HTTPRequest) throws(Problem) {
        guard let origin = head.headerFields[.origin] else { return }
        guard hosts.allows(origin: origin, host: self.origin.authority) else {
            throw Problem(
                .originNotAllowed, "Pages of this origin may not connect; name it in CORS_ORIGINS.")
        }
    }

    private func socketCaller(
        _ head: HTTPRequest, _ target: RequestTarget, _ id: BrowserID
    ) async throws(Problem) -> Caller {
        let caller = try await tokenCaller(head.headerFields, target.value("token"), id)
        switch caller {
        case .token(.control, _): break
        case .token(.view, _):
            throw Problem(.forbidden, "A view token does not drive the browser.")
        case .key, .subject, .anybody, .server: try require(.browsers, of: caller)
        }
        RequestNotes.add { $0.caller = caller }
        return caller
    }

    /// Attaches to a browser, counts the connection, and gives what the socket will speak to.
    private func open(
        _ lease: Lease<Launcher.Browser>, _ root: ClientRoot, _ upgrade: UpgradeRequest
    ) async throws(Problem) -> DevToolsEndpoint {
        guard let connection = pool.connect(lease.id) else {
            throw ended(pool.record(lease.id) ?? lease.record)
        }
        RequestNotes.add { $0.browser = lease.id }
        let line = disconnection(of: upgrade)
        let eventLoop = upgrade.channel.eventLoop
        let endpoint = DevToolsEndpoint(eventLoop: eventLoop, metrics: metrics) {
            [pool, trail] end in
            pool.disconnect(lease.id, connection)
            guard let end else { return }
            trail.leave(line(end))
        }
        do {
            endpoint.attached(try await lease.browser.devTools.attach(endpoint, root: root))
            return endpoint
        } catch let error as DevToolsError {
            endpoint.abandoned()
            throw Problem(error)
        } catch {
            endpoint.abandoned()
            throw Problem(.browserGone, "The browser did not answer.")
        }
    }

    /// Makes the audit line of a socket's end, from what is known at its beginning.
    private func disconnection(
        of upgrade: UpgradeRequest
    ) -> @Sendable (DevToolsEndpoint.End) -> AuditLine {
        let (notes, began) = (RequestNotes.current?.content, pool.clock.now)
        return { [clock = pool.clock] end in
            var line = AuditLine(.disconnect)
            line.outcome = end.reason ?? "ok"
            line.caller = notes?.caller
            line.browser = notes?.browser
            line.address = notes?.address
            line.requestID = upgrade.identity.text
            line.durationMs = began.duration(to: clock.now).wholeMilliseconds
            return line
        }
    }

    // MARK: /connect

    /// Creates a browser for one connection. The key comes in a header, or, for clients that know
    /// only one URL, as `token` in the query.
    private func connect(
        _ upgrade: UpgradeRequest, _ target: RequestTarget
    ) async throws(Problem) -> UpgradeAnswer {
        RequestNotes.add { $0.action = .create }
        let caller = try await connectCaller(upgrade.head, target)
        try require(.browsers, of: caller)
        try accounts.countRequest(caller)
        let tree: JSONTree
        do throws(FieldFault) {
            tree = try CreateBrowserRequest.fields.tree(
                fromQuery: target.query.filter { $0.name != "token" })
        } catch {
            throw Problem(error)
        }
        let wish = try Self.wish(tree)
        if let fleet = placingFleet {
            return try await connect(wish, tree, caller, upgrade, target, fleet)
        }
        let lease = try await acquire(wish, for: caller, endsOnDisconnect: true)
        noteCreated(lease.id, upgrade)
        return .accept(try await openNew(lease, upgrade))
    }

    private func connect(
        _ wish: CreateBrowserRequest, _ tree: JSONTree, _ caller: Caller,
        _ upgrade: UpgradeRequest, _ target: RequestTarget, _ fleet: FleetLink
    ) async throws(Problem) -> UpgradeAnswer {
        let credentials =
            target.value("token").map { [("X-API-Key", $0)] }
            ?? Self.credentials(upgrade.head.headerFields)
        var call = PlacedCall(wish: wish, tree: tree, caller: caller, credentials: credentials)
        call.endsOnDisconnect = true
        let browser = try await place(call, in: fleet)
        let id = try browserID(made: browser)
        noteCreated(id, upgrade)
        if let lease = pool.lease(id) { return .accept(try await openNew(lease, upgrade)) }
        guard case .remote(_, let endpoint, _) = fleet.driver.decide(browserID: id),
            let socket = browser.wss, let start = socket.firstRange(of: "/browsers/")
        else { throw Problem(.ownerUnreachable) }
        let notes = RequestNotes.current
        return .forward(target: String(socket[start.lowerBound...])) { [self, call] in
            // The client's own task is over by then.
            Task.detached {
                await RequestNotes.$current.withValue(notes) {
                    await self.giveBack(.browser(browser), call, endpoint, fleet)
                }
            }
        }
    }

    private func browserID(made browser: BrowserResponse) throws(Problem) -> BrowserID {
        guard let id = try? BrowserID(decoding: browser.id) else {
            throw Problem(.internal, "A server answered with an ID that is none.")
        }
        return id
    }

    private func openNew(
        _ lease: Lease<Launcher.Browser>, _ upgrade: UpgradeRequest
    ) async throws(Problem) -> DevToolsEndpoint {
        do throws(Problem) {
            return try await open(lease, .browser, upgrade)
        } catch {
            pool.end(lease.id, .abandoned)
            throw error
        }
    }

    /// Audits the create that a socket began with.
    private func noteCreated(_ id: BrowserID, _ upgrade: UpgradeRequest) {
        guard let notes = RequestNotes.current?.content else { return }
        var line = AuditLine(.create)
        line.caller = notes.caller
        line.browser = id
        line.address = notes.address
        line.requestID = upgrade.identity.text
        trail.leave(line)
        RequestNotes.add { $0.action = .connect }
    }

    private func connectCaller(
        _ head: HTTPRequest, _ target: RequestTarget
    ) async throws(Problem) -> Caller {
        guard let secret = target.value("token") else {
            return try await authenticator.caller(head.headerFields)
        }
        return try await authenticator.caller(secret: secret)
    }

    // MARK: /devtools/page

    /// Finds the browser that has a page of this name, among those that the caller may drive.
    ///
    /// Some tools (pydoll among them) drop the path of the URL they were given and keep its query,
    /// so the token alone has to find the browser.
    private func openPage(
        _ page: String, _ upgrade: UpgradeRequest, _ target: RequestTarget
    ) async throws(Problem) -> DevToolsEndpoint {
        guard page.utf8.count == 32, page.utf8.allSatisfy(Self.isHexDigit) else {
            throw Problem(.noSuchPage, "There is no such page.")
        }
        let (caller, records) = try await pageCaller(upgrade.head, target)
        try accounts.countRequest(caller)
        for record in records {
            guard let lease = pool.lease(record.id), await Self.has(page, lease.browser.devTools)
            else { continue }
            return try await open(lease, .target(page), upgrade)
        }
        throw Problem(.noSuchPage, "There is no such page.")
    }

    /// Who asks for a page, and the browsers among which it is looked for: those of a key or JWT, or
    /// the one that a token is for.
    private func pageCaller(
        _ head: HTTPRequest, _ target: RequestTarget
    ) async throws(Problem) -> (Caller, [BrowserRecord]) {
        guard let token = target.value("token"), !Authenticator.hasSecret(head.headerFields) else {
            let caller = try await authenticator.caller(head.headerFields)
            try require(.browsers, of: caller)
            return (caller, pool.records().filter { sees(caller, $0) })
        }
        let record = pool.records().first {
            authenticator.tokens.isToken(token, of: $0.id)
        }
        guard let record else {
            throw Problem(.invalidToken, "The token is not one of a browser here.")
        }
        RequestNotes.add { $0.browser = record.id }
        return (try await socketCaller(head, target, record.id), [record])
    }

    private static func has(_ page: String, _ host: DevToolsHost) async -> Bool {
        (try? await host.pages())?.contains(page) ?? false
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
