// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// The query of `POST /browsers`.
    static var createQuery: [FieldRule] {
        [
            FieldRule(
                "explain", .boolean, "Answer why the browser was made where it was, in a fleet.")
        ]
    }

    /// `POST /browsers`.
    func create(_ call: Call) async throws(Problem) -> Response {
        let wish = try Self.wish(call.body)
        let browser: BrowserResponse
        if let fleet = placingFleet {
            var placed = PlacedCall(
                wish: wish, tree: call.body, caller: call.caller,
                credentials: Self.credentials(call.request.headers))
            placed.isExplained = call.query["explain"]?.boolean ?? false
            browser = try await place(placed, in: fleet)
        } else {
            if !origin.isInternal {
                // Nobody else could take it; the fleet is to know all the same.
                _ = try await boundServer(of: wish, for: call.caller, PlacementWish())
            }
            let endsOnDisconnect = origin.signed?.call.endsOnDisconnect ?? false
            let lease = try await acquire(
                wish, for: call.caller, endsOnDisconnect: endsOnDisconnect)
            browser = describe(lease.record, authority: call.authority)
        }
        var response = try Response.json(browser, status: .created)
        response.headers[.location] = "/browsers/\(browser.id)"
        return response
    }

    /// Reads a create request from a body or query.
    static func wish(_ tree: JSONTree) throws(Problem) -> CreateBrowserRequest {
        do throws(FieldFault) {
            return try CreateBrowserRequest(checking: tree)
        } catch {
            throw Problem(error)
        }
    }

    /// Gets a browser for a caller, within the limits of its key; gives the wait up when the
    /// client goes away.
    func acquire(
        _ wish: CreateBrowserRequest, for caller: Caller, endsOnDisconnect: Bool
    ) async throws(Problem) -> Lease<Launcher.Browser> {
        var request = try acquireRequest(wish, for: caller, endsOnDisconnect: endsOnDisconnect)
        // A gateway that found no room here tries elsewhere.
        request.waitsForOthers = origin.signed?.call.noWait != true
        try checkName()
        let claim = try accounts.admit(caller, countsForRate: !origin.isInternal)
        let outcome: Result<Lease<Launcher.Browser>, PoolError> = await acquire(request)
        switch outcome {
        case .success(let lease):
            accounts.bind(claim, to: lease.id, of: caller.owner)
            RequestNotes.add { $0.browser = lease.id }
            return lease
        case .failure(let error):
            accounts.release(claim)
            throw Problem(error)
        }
    }

    private func acquire(
        _ request: AcquireRequest
    ) async -> Result<Lease<Launcher.Browser>, PoolError> {
        let work: @Sendable () async -> Result<Lease<Launcher.Browser>, PoolError> = {
            [pool] in
            do throws(PoolError) {
                return .success(try await pool.acquire(request))
            } catch {
                return .failure(error)
            }
        }
        guard let client = ConnectedClient.current else { return await work() }
        return await client.whileClientStays(work)
    }

    /// Refuses a lease while another process may have this server's name.
    func checkName() throws(Problem) {
        guard let fleet, !fleet.driver.hold.mayTake else { return }
        throw Problem(
            .storeUnavailable,
            "This server cannot make sure that its name is still its own, and gives nothing new.",
            retryAfter: .seconds(5))
    }

    /// What a caller asks of a pool.
    func acquireRequest(
        _ wish: CreateBrowserRequest, for caller: Caller, endsOnDisconnect: Bool
    ) throws(Problem) -> AcquireRequest {
        AcquireRequest(
            owner: caller.owner,
            priority: caller.limits.capped(wish.priority.map(PriorityClass.init) ?? .normal),
            queueTimeout: wish.queueTimeoutMs.map { .milliseconds($0) },
            properties: LaunchProperties(
                headful: wish.headful ?? false, userAgent: wish.userAgent, locale: wish.locale,
                timezone: wish.timezone, arguments: wish.args ?? []),
            terms: LeaseTerms(
                endsOnDisconnect: endsOnDisconnect,
                keepAlive: wish.keepAliveMs.map { .milliseconds($0) },
                idleTimeout: wish.idleTimeoutMs.map { .milliseconds($0) },
                maxLifetime: wish.maxLifetimeMs.map { .milliseconds($0) }),
            settings: LeaseSettings(
                proxy: try wish.proxy.map(ProxySettings.init(checking:)),
                viewport: wish.viewport.map { Viewport(width: $0.width, height: $0.height) }),
            metadata: wish.metadata ?? [:])
    }
}
