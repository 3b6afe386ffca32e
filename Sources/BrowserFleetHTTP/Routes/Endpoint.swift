// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetDevTools
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

/// Who may call an endpoint.
enum EndpointAccess: Hashable, Sendable {
    /// Everybody, also probes that call by address.
    case everybody
    /// Any key.
    case anyKey
    /// Keys with this scope.
    case key(KeyScope)
    /// Keys with the scope `browsers`, or a control token of the browser in the path.
    case keyOrToken
    /// Other servers of the fleet.
    case fleet
}

/// The form of an answer, for `openapi.json`.
struct AnswerForm: Hashable, Sendable {
    var status: Int
    var contentTypes: [String]
    var schema: JSONTree?
    var summary: String

    /// A JSON answer whose schema is a component of that name.
    static func json(_ status: Int, _ component: String, _ summary: String) -> AnswerForm {
        AnswerForm(
            status: status, contentTypes: [JSONBody.contentType],
            schema: ["$ref": .string("#/components/schemas/\(component)")], summary: summary)
    }

    /// An answer without a body.
    static func empty(_ status: Int, _ summary: String) -> AnswerForm {
        AnswerForm(status: status, contentTypes: [], schema: nil, summary: summary)
    }

    /// An answer of other types.
    static func other(
        _ status: Int, _ contentTypes: [String], _ schema: JSONTree, _ summary: String
    ) -> AnswerForm {
        AnswerForm(
            status: status, contentTypes: contentTypes, schema: schema, summary: summary)
    }
}

/// One method of one path: what it takes, who may call it, what it answers. Routing, checking and
/// `openapi.json` are made from the same list of these.
struct Endpoint<Launcher: BrowserLauncher>: Sendable
where Launcher.Browser: DevToolsServing & PageRendering {
    typealias Handler =
        @Sendable (FleetService<Launcher>) -> @Sendable (Call) async throws(Problem) -> Response

    var method: HTTPRequest.Method
    var path: PathTemplate
    var summary: String
    var access: EndpointAccess
    var query: FieldTable
    var body: FieldTable?
    var answers: [AnswerForm]
    /// What is audited of every call, refused or not; `nil` audits refusals only.
    var audit: AuditLine.Action?
    /// Codes of problems that are this endpoint's own, for `openapi.json`.
    var problems: [ProblemCode]
    var handler: Handler

    init(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String,
        access: EndpointAccess, query: [FieldRule] = [], body: FieldTable? = nil,
        answers: [AnswerForm], problems: [ProblemCode] = [], audit: AuditLine.Action? = nil,
        handler: @escaping Handler
    ) {
        self.method = method
        self.path = PathTemplate(path)
        self.summary = summary
        self.access = access
        self.query = FieldTable("the query", query)
        self.body = body
        self.answers = answers
        self.problems = problems
        self.audit = audit
        self.handler = handler
    }
}
