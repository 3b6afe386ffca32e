// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Tracing

extension FleetService {
    /// Answers one request that is no upgrade.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - fallback: answers paths that are not ours.
    /// - Returns: the answer; every failure is one too.
    func respond(
        to request: Request, fallback: @Sendable () async throws -> Response?
    ) async -> Response {
        var response: Response
        do throws(Problem) {
            response = try await answer(request, fallback)
        } catch {
            response = .problem(located(error, request))
            if error.code == .methodNotAllowed { addAllow(to: &response, request) }
        }
        addCORS(to: &response, request)
        response.headers[.date] = date.text(at: Self.wallTime())
        metrics.answered(Self.methodLabel(request.method), Int(response.status.code))
        return response
    }

    /// Counts a problem and says where it arose.
    func located(_ problem: Problem, _ request: Request) -> Problem {
        metrics.refused(problem.code)
        RequestNotes.add { $0.problem = problem.code }
        var problem = problem
        let identity = CallIdentity(offered: ServiceContext.current?.requestID)
        problem.instance = identity.instance(path: request.head.path ?? "")
        return problem
    }

    private func answer(
        _ request: Request, _ fallback: @Sendable () async throws -> Response?
    ) async throws(Problem) -> Response {
        guard let target = RequestTarget(request.head.path ?? "/") else {
            throw Problem(.malformedRequest, "The path or query has a broken escape.")
        }
        if let problem = origin.problem { throw problem }
        let matches = endpoints(at: target)
        if matches.isEmpty { return try await answerElsewhere(request, target, fallback) }
        let method: HTTPRequest.Method = request.method == .head ? .get : request.method
        let match = matches.first { $0.endpoint.method == method }
        if match?.endpoint.access != .everybody { try checkHost() }
        if request.method == .options, let preflight = preflight(request) { return preflight }
        guard let (endpoint, values) = match else {
            throw Problem(
                .methodNotAllowed, "\(request.method.rawValue) is not a method of this path.")
        }
        RequestNotes.add { notes in
            notes.route = "\(endpoint.method.rawValue) \(endpoint.path.text)"
            notes.action = endpoint.audit
        }
        let call = try await prepare(endpoint, request, target, values)
        let response = try await endpoint.handler(self)(call)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answerElsewhere(
        _ request: Request, _ target: RequestTarget,
        _ fallback: @Sendable () async throws -> Response?
    ) async throws(Problem) -> Response {
        try checkHost()
        let answer: Response?
        do {
            answer = try await fallback()
        } catch {
            logger.error("an embedder's route failed", metadata: ["error": "\(error)"])
            throw Problem(.internal, "The route failed.")
        }
        if let answer { return answer }
        if SocketRoute(target) != nil {
            throw Problem(.upgradeRequired, "This path is a WebSocket; send Upgrade: websocket.")
        }
        throw Problem(.unknownPath, "There is nothing at this path; see /openapi.json.")
    }

    /// Refuses a host that is not ours. Where a server of this fleet calls, it has done so, or calls
    /// us by whatever name we are reached by.
    func checkHost() throws(Problem) {
        guard !origin.isInternal else { return }
        try hosts.check(host: origin.authority)
    }

    /// Does everything that comes before a handler, in the order in which a stranger learns least:
    /// who, how often, then what.
    private func prepare(
        _ endpoint: Endpoint<Launcher>, _ request: Request, _ target: RequestTarget,
        _ values: [String: String]
    ) async throws(Problem) -> Call {
        let isCounted =
            endpoint.access != .everybody && endpoint.method != .delete
            && !origin.isCounted(request.head.path)
        if isCounted, let address = origin.address { try accounts.countRequest(from: address) }
        let caller = try await identify(endpoint, request, target, values)
        RequestNotes.add { $0.caller = caller }
        if isCounted { try accounts.countRequest(caller) }
        try checkOrigin(endpoint, request)
        let bytes = try await readBody(endpoint, request)
        let body = try check(bytes, endpoint)
        do throws(FieldFault) {
            let pairs = target.query.filter {
                !(endpoint.access == .keyOrToken && $0.name == "token")
            }
            let query = try endpoint.query.tree(fromQuery: pairs)
            try endpoint.query.check(query)
            return Call(
                request: request, target: target, values: values, caller: caller, query: query,
                body: body, bytes: bytes)
        } catch {
            throw Problem(error)
        }
    }

    private func identify(
        _ endpoint: Endpoint<Launcher>, _ request: Request, _ target: RequestTarget,
        _ values: [String: String]
    ) async throws(Problem) -> Caller {
        switch endpoint.access {
        case .everybody: return .anybody
        case .fleet:
            guard origin.isInternal else {
                throw Problem(.unauthenticated, "Only servers of this fleet call this.")
            }
            return .server
        case .anyKey: return try await authenticator.caller(request.headers)
        case .key(let scope):
            let caller = try await authenticator.caller(request.headers)
            try require(scope, of: caller)
            return caller
        case .keyOrToken:
            guard let token = target.value("token") else {
                let caller = try await authenticator.caller(request.headers)
                try require(.browsers, of: caller)
                return caller
            }
            let id = try browserID(values["id"] ?? "")
            let caller = try await tokenCaller(request.headers, token, id)
            if case .token(.view, _) = caller {
                throw Problem(.forbidden, "A view token does not drive the browser.")
            }
            if case .token = caller { return caller }
            try require(.browsers, of: caller)
            return caller
        }
    }

    /// The caller of a request about one browser: a key in the headers, else a token in the query.
    /// What a token does is charged to whoever made the browser.
    func tokenCaller(
        _ headers: HTTPFields, _ token: String?, _ browser: BrowserID
    ) async throws(Problem) -> Caller {
        let owner = pool.record(browser)?.owner ?? browser.text
        return try await authenticator.caller(headers, token: token, for: browser, of: owner)
    }

    /// Refuses a caller whose key does not have the scope.
    func require(_ scope: KeyScope, of caller: Caller) throws(Problem) {
        RequestNotes.add { $0.caller = caller }
        guard caller.allows(scope) else {
            throw Problem(
                .forbidden, "The key '\(caller.name)' does not have the scope '\(scope.rawValue)'.")
        }
    }

    // MARK: Bodies

    private func checkOrigin(
        _ endpoint: Endpoint<Launcher>, _ request: Request
    ) throws(Problem) {
        guard endpoint.method != .get, let origin = request.headers[.origin] else { return }
        guard hosts.allows(origin: origin, host: self.origin.authority) else {
            throw Problem(
                .originNotAllowed, "Pages of this origin may not call; name it in CORS_ORIGINS.")
        }
    }

    private func readBody(
        _ endpoint: Endpoint<Launcher>, _ request: Request
    ) async throws(Problem) -> [UInt8] {
        guard endpoint.method != .get else { return [] }
        let length = request.headers[.contentLength].flatMap { Int($0) }
        let limit = configuration.longestBody
        guard (length ?? 0) <= limit else { throw tooLarge(limit) }
        let mayHaveBody = (length ?? 0) > 0 || request.headers[.transferEncoding] != nil
        if mayHaveBody || request.headers[.origin] != nil {
            try checkContentType(request.headers[.contentType])
        }
        guard mayHaveBody else { return [] }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge(limit)
        } catch {
            throw Problem(.malformedRequest, "The body did not arrive whole.")
        }
        return Array(bytes.readableBytesView)
    }

    /// Reads a client's body by its table. One of the fleet's own has been signed instead.
    private func check(
        _ bytes: [UInt8], _ endpoint: Endpoint<Launcher>
    ) throws(Problem) -> JSONTree {
        let isFleets = endpoint.access == .fleet
        let mustBeSigned = isFleets && !bytes.isEmpty
        guard origin.signed?.vouches(for: bytes, isRequired: mustBeSigned) ?? !isFleets else {
            throw Problem(.invalidSignature, "The body is not the one that was signed.")
        }
        if isFleets { return .object([]) }
        return try parse(bytes, endpoint.body)
    }

    private func parse(_ bytes: [UInt8], _ table: FieldTable?) throws(Problem) -> JSONTree {
        // A required field is missing in no body as well.
        let isEmpty = bytes.isEmpty
        guard !isEmpty || table?.rules.contains(where: \.isRequired) == true else {
            return .object([])
        }
        let tree: JSONTree
        do throws(JSONFault) {
            tree = isEmpty ? .object([]) : try JSONParser.parse(bytes)
        } catch {
            throw Problem(.malformedJSON, "The body is not JSON: \(error).")
        }
        do throws(FieldFault) {
            try (table ?? FieldTable("a request without fields", [])).check(tree)
        } catch {
            throw Problem(error)
        }
        return tree
    }

    private func tooLarge(_ limit: Int) -> Problem {
        Problem(.bodyTooLarge, "The body may have at most \(limit) bytes.")
    }

    private func checkContentType(_ value: String?) throws(Problem) {
        let parts = (value ?? "").lowercased().split(separator: ";").map { String($0).trimmedSpace }
        let isJSON = parts.first == "application/json"
        let isUTF8 = parts.dropFirst().allSatisfy { part in
            !part.hasPrefix("charset=") || part == "charset=utf-8" || part == "charset=\"utf-8\""
        }
        guard isJSON && isUTF8 else {
            throw Problem(.unsupportedMediaType, "Send 'Content-Type: application/json'.")
        }
    }
}
