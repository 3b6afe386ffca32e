// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import Tracing

/// A create call on its way to some server.
struct PlacedCall: Sendable {
    /// What the caller wants.
    var wish: CreateBrowserRequest
    /// The same as it came.
    var tree: JSONTree
    /// Who calls.
    var caller: Caller
    /// What shows another server who calls.
    var credentials: [(name: String, value: String)]
    /// Whether the browser ends when its client leaves: `/connect`.
    var endsOnDisconnect = false
    /// Whether the caller wants to know why its server was chosen.
    var isExplained = false
}

extension FleetService {
    /// The fleet, if there are servers to place this call on; a call that a gateway placed here
    /// stays here.
    var placingFleet: FleetLink? {
        guard let fleet, fleet.driver.places, !origin.isInternal else { return nil }
        return fleet
    }

    /// Makes a browser on some server of the fleet.
    ///
    /// - Throws: the server's own refusal where no other would do better, else that of the fleet.
    func place(_ call: PlacedCall, in fleet: FleetLink) async throws(Problem) -> BrowserResponse {
        let request = try acquireRequest(
            call.wish, for: call.caller, endsOnDisconnect: call.endsOnDisconnect)
        var wish = PlacementWish(
            region: call.wish.region, labels: call.wish.labels ?? [:], key: call.wish.affinityKey)
        let claim = try accounts.admit(call.caller)
        do throws(Problem) {
            wish.server = try await boundServer(of: call.wish, for: call.caller, wish)
        } catch {
            accounts.release(claim)
            throw error
        }
        let end = await journey(call, request, wish, fleet)
        metrics.placed(end.outcome, attempts: end.attempts.map(\.outcome.rawValue))
        switch end.news {
        case .answered(.browser(var browser)):
            if let id = try? BrowserID(decoding: browser.id) {
                accounts.bind(claim, to: id, of: call.caller.owner)
                RequestNotes.add { $0.browser = id }
            }
            browser.placement = call.isExplained ? PlacementResponse(end) : nil
            return browser
        case .answered(.refused(let problem)):
            accounts.release(claim)
            throw problem.retold
        case .refused(let refusal):
            accounts.release(claim)
            throw Problem(refusal, fleet.driver.rows)
        case .cancelled:
            accounts.release(claim)
            throw Problem(.cancelled, "The client went away.")
        }
    }

    private func journey(
        _ call: PlacedCall, _ request: AcquireRequest, _ placement: PlacementWish,
        _ fleet: FleetLink
    ) async -> CreateEnd<PlacedAnswer> {
        let settings = fleet.driver.settings
        let wish = CreateWish(
            owner: call.caller.owner, priority: request.priority,
            placement: placement,
            patience: settings.patience.resolve(request.queueTimeout),
            isExplained: call.isExplained)
        let work: @Sendable () async -> CreateEnd<PlacedAnswer> = {
            await fleet.driver.create(wish) { [self] attempt, patience in
                guard let endpoint = attempt.endpoint else {
                    return await makeHere(request, patience)
                }
                return await make(call, by: attempt.server, at: endpoint, patience, fleet)
            } giveBack: { [self] attempt, answer in
                await giveBack(answer, call, attempt.endpoint, fleet)
            }
        }
        guard let client = ConnectedClient.current else { return await work() }
        return await client.whileClientStays(work)
    }

    // MARK: Here

    private func makeHere(
        _ request: AcquireRequest, _ patience: Duration
    ) async -> AttemptResult<PlacedAnswer> {
        var request = request
        request.queueTimeout = patience
        request.waitsForOthers = false
        do throws(Problem) {
            try checkName()
            let lease = try await acquireHere(request)
            return AttemptResult(
                .made, .browser(describe(lease.record, authority: origin.authority)))
        } catch {
            return AttemptResult(error)
        }
    }

    private func acquireHere(
        _ request: AcquireRequest
    ) async throws(Problem) -> Lease<Launcher.Browser> {
        do throws(PoolError) {
            return try await pool.acquire(request)
        } catch {
            throw Problem(error)
        }
    }

    // MARK: There

    private func make(
        _ call: PlacedCall, by server: ServerName, at endpoint: ServerEndpoint,
        _ patience: Duration, _ fleet: FleetLink
    ) async -> AttemptResult<PlacedAnswer> {
        let body = Array(call.tree.replacing("queueTimeoutMs", with: patience).text.utf8)
        var signed = InternalCall(method: "POST", target: "/browsers", body: body)
        signed.noWait = true
        signed.endsOnDisconnect = call.endsOnDisconnect
        // Not cut short with the call: what was sent may be made, and only the answer says what is
        // to be given back. It ends by its patience.
        return await Task { [signed] () -> AttemptResult<PlacedAnswer> in
            do throws(ServerCallError) {
                return AttemptResult(
                    try await exchange(signed, call.credentials, at: endpoint, patience, fleet),
                    of: server)
            } catch {
                return AttemptResult(error)
            }
        }.value
    }

    /// Calls another server for the client of this call.
    func exchange(
        _ signed: InternalCall, _ credentials: [(name: String, value: String)],
        at endpoint: ServerEndpoint, _ patience: Duration, _ fleet: FleetLink
    ) async throws(ServerCallError) -> ServerAnswer {
        guard let signer = fleet.signer else {
            throw ServerCallError(.unreachable, "no INTERNAL_API_KEY to call \(endpoint) with")
        }
        var signed = signed
        let way = reach(origin.authority)
        signed.address = origin.address?.description
        signed.host = way.authority
        signed.scheme = way.isSecure ? "https" : "http"
        signed.prefix = way.signedPrefix
        var headers = credentials + signer.headers(for: signed, at: Self.wallTime())
        if signed.body != nil { headers.append(("Content-Type", JSONBody.contentType)) }
        if let id = ServiceContext.current?.requestID { headers.append(("X-Request-Id", id)) }
        return try await fleet.caller.call(
            ServerCall(
                signed.method, signed.target, at: endpoint, headers: headers,
                body: signed.body ?? [], deadline: patience, longestAnswer: 8 << 20))
    }

    func giveBack(
        _ answer: PlacedAnswer, _ call: PlacedCall, _ endpoint: ServerEndpoint?,
        _ fleet: FleetLink
    ) async {
        guard case .browser(let browser) = answer, let id = try? BrowserID(decoding: browser.id)
        else { return }
        guard let endpoint else {
            pool.end(id, .abandoned)
            return
        }
        // If this is lost too, the browser ends because nobody ever connects to it.
        _ = try? await exchange(
            InternalCall(method: "DELETE", target: "/browsers/\(id)"), call.credentials,
            at: endpoint, .seconds(5), fleet)
    }

    /// What shows another server who makes a call.
    static func credentials(_ fields: HTTPFields) -> [(name: String, value: String)] {
        ["X-API-Key", "Authorization"].compactMap { name in
            fields.only(name).map { (name, $0) }
        }
    }
}

extension JSONTree {
    /// An object with one member set to a time in milliseconds.
    fileprivate func replacing(_ name: String, with duration: Duration) -> JSONTree {
        guard case .object(let members) = self else { return self }
        let milliseconds = max(1, duration.wholeMilliseconds)
        return .object(
            members.filter { $0.name != name }
                + [JSONMember(name, .integer(min(milliseconds, 3_600_000)))])
    }
}

extension Problem {
    /// The same, told by this server: where it arose is said anew.
    fileprivate var retold: Problem {
        var problem = self
        problem.instance = ""
        return problem
    }
}

extension CreateEnd<PlacedAnswer> {
    /// How it ended, in one word: `made`, the reason of a refusal, or `cancelled`.
    fileprivate var outcome: String {
        switch news {
        case .answered(.browser): "made"
        case .answered(.refused(let problem)): problem.code.rawValue
        case .refused(let refusal): refusal.reason.rawValue
        case .cancelled: "cancelled"
        }
    }
}

extension PlacementResponse {
    /// How a call got where it is.
    init(_ end: CreateEnd<PlacedAnswer>) {
        let candidates = end.explanation?.cases.map { each in
            Candidate(
                server: each.server.text, obstacle: each.obstacle?.rawValue, free: each.free)
        }
        self.init(
            strategy: end.explanation?.strategy.rawValue ?? "", considered: candidates ?? [],
            attempts: end.attempts.map {
                Attempt(server: $0.server.text, outcome: $0.outcome.rawValue)
            })
    }
}
