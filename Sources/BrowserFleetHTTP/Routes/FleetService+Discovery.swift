// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import HummingbirdCore
import NIOCore

extension FleetService {
    /// `GET /browsers/:id/json/version`.
    func discoverVersion(_ call: Call) async throws(Problem) -> Response {
        let lease = try lease(call.values["id"] ?? "", for: call.caller)
        let version = try await ask(lease.browser, "Browser.getVersion")
        return .json(documents(lease, call).version(version))
    }

    /// `GET /browsers/:id/json/list`.
    func discoverTargets(_ call: Call) async throws(Problem) -> Response {
        let lease = try lease(call.values["id"] ?? "", for: call.caller)
        let targets = try await ask(lease.browser, "Target.getTargets")
        return .json(documents(lease, call).list(targets))
    }

    /// `GET /browsers/:id/json/protocol`.
    func discoverProtocol(_ call: Call) async throws(Problem) -> Response {
        let lease = try lease(call.values["id"] ?? "", for: call.caller)
        let version = try await ask(lease.browser, "Browser.getVersion")
        let domains = await pageDomains(lease.browser)
        return .json(
            documents(lease, call).protocolDescription(version, domains: domains ?? .object([])))
    }

    /// Only a page knows its domains. One that is there is asked; a browser without any opens one.
    private func pageDomains(_ browser: Launcher.Browser) async -> JSONValue? {
        let devTools = browser.devTools
        if let page = try? await devTools.pages().first { return await domains(of: page, devTools) }
        guard
            let made = try? await devTools.call(
                "Target.createTarget", params: ["url": "about:blank"]),
            let page = made["targetId"]?.stringValue
        else { return nil }
        let domains = await domains(of: page, devTools)
        _ = try? await devTools.call("Target.closeTarget", params: ["targetId": .string(page)])
        return domains
    }

    private func domains(of page: String, _ devTools: DevToolsHost) async -> JSONValue? {
        guard
            let attached = try? await devTools.call(
                "Target.attachToTarget", params: ["targetId": .string(page), "flatten": true]),
            let session = attached["sessionId"]?.stringValue
        else { return nil }
        let domains = try? await devTools.call("Schema.getDomains", session: session)
        _ = try? await devTools.call(
            "Target.detachFromTarget", params: ["sessionId": .string(session)])
        return domains
    }

    private func ask(
        _ browser: Launcher.Browser, _ method: String
    ) async throws(Problem) -> JSONValue {
        do {
            return try await browser.devTools.call(method)
        } catch let error as DevToolsError {
            throw Problem(error)
        } catch {
            throw Problem(.browserGone, "The browser did not answer: \(error).")
        }
    }

    private func documents(
        _ lease: Lease<Launcher.Browser>, _ call: Call
    ) -> DiscoveryDocuments {
        let expiresAt = Timestamp(millisecondsSince1970: lease.record.expiresAt)
        let token = authenticator.tokens.token(
            for: lease.id, scope: .control, expiresAt: expiresAt)
        let reach = reach(call.authority)
        return DiscoveryDocuments(
            browserSocketURL: reach.socket("/devtools/browser/\(lease.id)?token=\(token)"),
            targetSocketPrefix: reach.socket("/browsers/\(lease.id)/devtools/page/"),
            targetSocketSuffix: "?token=\(token)")
    }
}

extension Problem {
    /// What a caller is told when the browser did not answer over its pipe.
    init(_ error: DevToolsError) {
        switch error.code {
        case .refused: self.init(.noSuchPage, error.message)
        case .timedOut: self.init(.navigationTimeout, error.message)
        case .pipeClosed: self.init(.browserGone, error.message)
        case .malformed: self.init(.internal, error.message)
        }
    }
}

extension Response {
    /// A JSON answer of a document that is written already.
    fileprivate static func json(_ value: JSONValue) -> Response {
        .bytes(
            ByteBuffer(bytes: value.encoded()),
            contentType: "\(JSONBody.contentType); charset=UTF-8")
    }
}
