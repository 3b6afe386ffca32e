// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
public import Foundation
import Tracing
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A typed client of the REST API of one server or gateway.
///
/// Every call is one request, in the trace of whoever makes it; nothing is retried, because a
/// create that failed on the way may have made a browser. Values are cheap to copy and may be used from several tasks at once.
public struct FleetClient: Sendable {
    /// Where the fleet answers, such as `http://127.0.0.1:3000`.
    public let url: URL

    private let apiKey: String?
    private let session: URLSession

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - url: scheme, host and port; a path in front of the API is kept.
    ///   - apiKey: sent as `X-API-Key` with every call; without one only public calls work.
    ///   - timeout: how long a call may go without a byte. Longer than the wait queue's timeout,
    ///     or creates of a busy server end here first.
    public init(url: URL, apiKey: String? = nil, timeout: Duration = .seconds(90)) {
        self.url = url
        self.apiKey = apiKey
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout / .seconds(1)
        self.session = URLSession(configuration: configuration)
    }

    /// `POST /browsers`: a new browser, when one is free.
    public func createBrowser(
        _ request: CreateBrowserRequest = CreateBrowserRequest()
    ) async throws(FleetClientError) -> BrowserResponse {
        try await call(.post, "browsers", body: try encode(request)).decoded()
    }

    /// `GET /browsers`: one page of the browsers this key may see.
    public func browsers(
        _ filter: BrowserFilter = BrowserFilter()
    ) async throws(FleetClientError) -> BrowserListResponse {
        try await call(.get, "browsers", query: filter.query).decoded()
    }

    /// `GET /browsers/:id`: one browser.
    public func browser(_ id: String) async throws(FleetClientError) -> BrowserResponse {
        try await call(.get, try path(id)).decoded()
    }

    /// `DELETE /browsers/:id`: afterwards there is no such browser, however often it is called.
    public func deleteBrowser(
        _ id: String
    ) async throws(FleetClientError) -> DeleteBrowserResponse {
        try await call(.delete, try path(id)).decoded()
    }

    /// `POST /browsers/:id/tokens`: another expiring URL of the same browser.
    public func makeToken(
        for id: String, _ request: TokenRequest = TokenRequest()
    ) async throws(FleetClientError) -> TokenResponse {
        try await call(.post, try path(id, "tokens"), body: try encode(request)).decoded()
    }

    /// `GET /browsers/:id/screenshot`: a picture of a page.
    public func screenshot(
        of id: String, _ options: ScreenshotOptions = ScreenshotOptions()
    ) async throws(FleetClientError) -> FleetAnswer {
        try await call(.get, try path(id, "screenshot"), query: options.query)
    }

    /// `GET /browsers/:id/pdf`: a page as PDF.
    public func pdf(
        of id: String, page: PageChoice = .current
    ) async throws(FleetClientError) -> FleetAnswer {
        try await call(.get, try path(id, "pdf"), query: page.query)
    }

    /// `GET /browsers/:id/content`: a page's document as HTML.
    public func content(
        of id: String, page: PageChoice = .current
    ) async throws(FleetClientError) -> FleetAnswer {
        try await call(.get, try path(id, "content"), query: page.query)
    }

    /// `GET /health`; also when the server says that it is not healthy.
    public func health() async throws(FleetClientError) -> HealthResponse {
        try await send(.get, "health", query: [], body: nil).decoded()
    }

    /// `GET /api/stats`.
    public func stats() async throws(FleetClientError) -> StatsResponse {
        try await call(.get, "api/stats").decoded()
    }

    /// `GET /cluster/status`: how the fleet is.
    public func clusterStatus() async throws(FleetClientError) -> ClusterStatusResponse {
        try await call(.get, "cluster/status").decoded()
    }

    /// `GET /cluster/metrics`: how busy the fleet is, and whether it should grow.
    public func clusterMetrics() async throws(FleetClientError) -> ClusterMetricsResponse {
        try await call(.get, "cluster/metrics").decoded()
    }

    /// `GET /servers`: the servers of the fleet, by name.
    public func servers() async throws(FleetClientError) -> ServerListResponse {
        try await call(.get, "servers").decoded()
    }

    /// `GET /resolve/:id`: who owns a browser.
    public func resolve(_ id: String) async throws(FleetClientError) -> ResolveResponse {
        try await call(.get, "resolve/\(try segment(id, "a browser ID"))").decoded()
    }

    /// `POST /servers`: a server that is added by hand.
    public func addServer(
        _ request: ServerRequest
    ) async throws(FleetClientError) -> ServerResponse {
        try await call(.post, "servers", body: try encode(request)).decoded()
    }

    /// `POST /servers/:id/drain`: no new browsers for a server.
    public func drainServer(_ id: String) async throws(FleetClientError) -> ServerResponse {
        try await call(.post, "servers/\(try segment(id, "a server"))/drain").decoded()
    }

    /// `POST /servers/:id/activate`: new browsers for a server again.
    public func activateServer(_ id: String) async throws(FleetClientError) -> ServerResponse {
        try await call(.post, "servers/\(try segment(id, "a server"))/activate").decoded()
    }

    /// `DELETE /servers/:id`: forgets a server.
    public func removeServer(
        _ id: String
    ) async throws(FleetClientError) -> ServerRemovedResponse {
        try await call(.delete, "servers/\(try segment(id, "a server"))").decoded()
    }

    /// `GET /limits`: what this key may still take.
    public func limits() async throws(FleetClientError) -> LimitsResponse {
        try await call(.get, "limits").decoded()
    }

    /// `GET /events`: the fleet's events as they come.
    ///
    /// - Returns: the stream; it ends when the server ends it, and fails with a
    ///   ``FleetClientError``. At most 10,000 events wait to be read.
    public func events(
        _ query: EventQuery = EventQuery()
    ) -> AsyncThrowingStream<EventItem, any Error> {
        let request = request(.get, "events", query: query.query, body: nil)
        let (items, continuation) = AsyncThrowingStream.makeStream(
            of: EventItem.self, bufferingPolicy: .bufferingOldest(10_000))
        let session = URLSession(
            configuration: session.configuration,
            delegate: EventReceiver(url: url, items: continuation), delegateQueue: nil)
        let task = session.dataTask(with: request)
        continuation.onTermination = { _ in task.cancel() }
        task.resume()
        return items
    }

    /// A call of the API that has no method of its own. The path is below ``url``, without a
    /// leading slash, as it goes over the wire.
    ///
    /// - Throws: ``FleetClientError/Code/refused`` for every status of 400 and more.
    public func call(
        _ method: FleetMethod, _ path: String, query: [URLQueryItem] = [], body: Data? = nil
    ) async throws(FleetClientError) -> FleetAnswer {
        let answer = try await send(method, path, query: query, body: body)
        guard answer.status < 400 else { throw FleetClientError(refused: answer) }
        return answer
    }

    private func send(
        _ method: FleetMethod, _ path: String, query: [URLQueryItem], body: Data?
    ) async throws(FleetClientError) -> FleetAnswer {
        let request = request(method, path, query: query, body: body)
        do {
            let (data, response) = try await session.data(for: request)
            guard let http = response as? HTTPURLResponse else {
                throw FleetClientError(.malformedAnswer, "the answer is not HTTP", url: url)
            }
            return FleetAnswer(
                status: http.statusCode,
                contentType: http.value(forHTTPHeaderField: "Content-Type") ?? "",
                body: data)
        } catch let error as FleetClientError {
            throw error
        } catch {
            throw FleetClientError(unreachable: url, error)
        }
    }

    func request(
        _ method: FleetMethod, _ path: String, query: [URLQueryItem], body: Data?
    ) -> URLRequest {
        var parts = URLComponents()
        parts.queryItems = query.isEmpty ? nil : query
        // A "+" is a space to some readers of queries, and URLComponents leaves it alone.
        let text = parts.percentEncodedQuery?.replacing("+", with: "%2B")
        let base = url.absoluteString.hasSuffix("/") ? url.absoluteString : url.absoluteString + "/"
        let target = URL(string: base + path + (text.map { "?\($0)" } ?? ""))
        var request = URLRequest(url: target ?? url)
        request.httpMethod = method.rawValue
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        if let apiKey { request.setValue(apiKey, forHTTPHeaderField: "X-API-Key") }
        if let body {
            request.httpBody = body
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        Self.passOn(ServiceContext.current, in: &request, by: InstrumentationSystem.instrument)
        return request
    }

    /// Tells the server in which trace the call stands, in the words of the program's own tracer.
    static func passOn(
        _ context: ServiceContext?, in request: inout URLRequest, by instrument: any Instrument
    ) {
        guard let context else { return }
        instrument.inject(context, into: &request, using: HeaderInjector())
    }

    func path(_ id: String, _ rest: String...) throws(FleetClientError) -> String {
        (["browsers", try segment(id, "a browser ID")] + rest).joined(separator: "/")
    }

    private func segment(_ text: String, _ what: String) throws(FleetClientError) -> String {
        // Names and IDs are letters, digits, hyphens, dots and underscores: anything else would
        // name another path than it looks like.
        let isDots = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        guard !isDots, text.utf8.allSatisfy(Self.isAllowed) else {
            throw FleetClientError(.invalidID, "\"\(text)\" is not \(what)", url: url)
        }
        return text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."):
            true
        case _: false
        }
    }

    private func encode(_ value: some Encodable) throws(FleetClientError) -> Data {
        do {
            return try JSONEncoder().encode(value)
        } catch {
            throw FleetClientError(.malformedRequest, "\(error)", url: url)
        }
    }
}

/// The methods the API uses.
public enum FleetMethod: String, Sendable {
    /// Changes nothing.
    case get = "GET"
    /// Makes something.
    case post = "POST"
    /// Removes something.
    case delete = "DELETE"
}
