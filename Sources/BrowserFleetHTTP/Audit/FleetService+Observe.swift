// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Tracing

extension FleetService {
    /// Answers a call under its ID, in its trace and with notes taken, and leaves its audit line.
    ///
    /// - Parameters:
    ///   - head: the call.
    ///   - body: answers it.
    /// - Returns: the answer, with its ID.
    func observe(
        _ head: HTTPRequest, _ body: () async -> Response
    ) async -> Response {
        let identity = CallIdentity(head.headerFields)
        let origin = origin(of: head, ConnectedClient.current)
        return await observe(head, identity, from: origin) { span in
            var response = await body()
            response.headers[.requestID] = identity.text
            InstrumentationSystem.instrument.inject(
                span.context, into: &response.headers, using: TraceResponseInjector())
            conclude(span, status: Int(response.status.code), identity)
            return response
        }
    }

    /// Decides about an upgrade in the same way; the gate writes the answer.
    func observe(
        _ upgrade: UpgradeRequest, _ body: () async -> UpgradeAnswer
    ) async -> UpgradeAnswer {
        let (head, identity) = (upgrade.head, upgrade.identity)
        let origin = origin(of: head, upgrade.client)
        return await observe(head, identity, from: origin) { span in
            RequestNotes.add { $0.action = .connect }
            let answer = await body()
            let status =
                switch answer {
                case .accept, .forward: 101
                case .refuse(let problem): problem.status
                }
            conclude(span, status: status, identity)
            return answer
        }
    }

    /// Counts and audits what a connection's gate refused before there was a call.
    func refused(_ problem: Problem, _ identity: CallIdentity, from address: IPAddress?) {
        metrics.refused(problem.code)
        guard AuditLine.refusals.contains(problem.status) else { return }
        var line = AuditLine(.call)
        line.outcome = problem.code.rawValue
        line.status = problem.status
        line.address = address?.description
        line.requestID = identity.text
        trail.leave(line)
    }

    private func observe<Answer>(
        _ head: HTTPRequest, _ identity: CallIdentity, from origin: CallOrigin,
        _ body: (any Span) async -> Answer
    ) async -> Answer {
        var context = ServiceContext.current ?? .topLevel
        InstrumentationSystem.instrument.extract(
            head.headerFields, into: &context, using: HeaderExtractor())
        context.requestID = identity.text
        let method = Self.methodLabel(head.method)
        return await RequestNotes.$current.withValue(RequestNotes(origin)) {
            await withSpan(method, context: context, ofKind: .server) { span in
                await body(span)
            }
        }
    }

    private func conclude(_ span: any Span, status: Int, _ identity: CallIdentity) {
        guard let notes = RequestNotes.current?.content else { return }
        if let route = notes.route { span.operationName = route }
        span.attributes["http.response.status_code"] = status
        if let browser = notes.browser { span.attributes["browserId"] = browser.text }
        if let problem = notes.problem { span.attributes["error.type"] = problem.rawValue }
        if let line = AuditLine(notes, status: status, requestID: identity.text) {
            trail.leave(line)
        }
    }
}
