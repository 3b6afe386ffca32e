// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// `POST /browsers`.
    func create(_ call: Call) async throws(Problem) -> Response {
        let wish = try Self.wish(call.body)
        let lease = try await acquire(wish, for: call.caller, endsOnDisconnect: false)
        var response = try Response.json(
            describe(lease.record, authority: call.authority), status: .created)
        response.headers[.location] = "/browsers/\(lease.id)"
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
        let request = try acquireRequest(wish, for: caller, endsOnDisconnect: endsOnDisconnect)
        let claim = try accounts.admit(caller)
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

    private func acquireRequest(
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
