// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Foundation
import Testing
import Tracing

@testable import BrowserFleetClient

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What goes over the wire.
struct FleetRequestTests {
    private func client(_ url: String, key: String? = "key-1") throws -> FleetClient {
        FleetClient(url: try #require(URL(string: url)), apiKey: key)
    }

    @Test(
        "a path goes below the fleet's URL, whether or not that ends in a slash",
        arguments: [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/browsers"),
            ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/browsers"),
            ("https://example.com/fleet", "https://example.com/fleet/browsers"),
        ])
    func base(_ url: String, _ expected: String) throws {
        let request = try client(url).request(.get, "browsers", query: [], body: nil)
        #expect(request.url?.absoluteString == expected)
        #expect(request.httpMethod == "GET")
        #expect(request.value(forHTTPHeaderField: "X-API-Key") == "key-1")
        #expect(request.value(forHTTPHeaderField: "Content-Type") == nil)
    }

    @Test("a client without a key sends none")
    func noKey() throws {
        let request = try client("http://a", key: nil).request(.get, "health", query: [], body: nil)
        #expect(request.value(forHTTPHeaderField: "X-API-Key") == nil)
    }

    @Test("a body is sent as JSON")
    func body() throws {
        let request = try client("http://a").request(
            .post, "browsers", query: [], body: Data("{}".utf8))
        #expect(request.value(forHTTPHeaderField: "Content-Type") == "application/json")
        #expect(request.httpBody == Data("{}".utf8))
    }

    private enum TraceKey: ServiceContextKey { typealias Value = String }

    /// A tracer that passes one word on.
    private struct WordTracer: Instrument {
        func extract<Carrier, Extract: Extractor>(
            _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
        ) where Extract.Carrier == Carrier {}

        func inject<Carrier, Inject: Injector>(
            _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
        ) where Inject.Carrier == Carrier {
            guard let trace = context[TraceKey.self] else { return }
            injector.inject(trace, forKey: "traceparent", into: &carrier)
        }
    }

    @Test(
        "the trace of the caller is passed on by the program's tracer, and only where there is one")
    func trace() throws {
        var request = try client("http://a").request(.get, "health", query: [], body: nil)
        #expect(request.value(forHTTPHeaderField: "traceparent") == nil)
        FleetClient.passOn(nil, in: &request, by: WordTracer())
        #expect(request.value(forHTTPHeaderField: "traceparent") == nil)
        var context = ServiceContext.topLevel
        context[TraceKey.self] = "00-trace-span-01"
        FleetClient.passOn(context, in: &request, by: WordTracer())
        #expect(request.value(forHTTPHeaderField: "traceparent") == "00-trace-span-01")
    }

    @Test("the words of a query are escaped")
    func query() throws {
        let options = ScreenshotOptions(
            page: .url("https://a.example/?q=1&r=a+b#c"), format: .jpeg, quality: 50,
            fullPage: true)
        let request = try client("http://a").request(
            .get, "browsers/x/screenshot", query: options.query, body: nil)
        let text = try #require(request.url?.absoluteString)
        #expect(text.contains("q%3D1%26r%3Da%2Bb%23c") || text.contains("q=1%26r=a%2Bb%23c"))
        #expect(text.hasSuffix("&format=jpeg&quality=50&fullPage=true"))
    }

    @Test("a filter names what it filters by, metadata in the order of its names")
    func filter() {
        let filter = BrowserFilter(
            status: .running, metadata: ["b": "2", "a": "1"], cursor: "c", limit: 5)
        #expect(
            filter.query.map { "\($0.name)=\($0.value ?? "")" } == [
                "status=running", "metadata.a=1", "metadata.b=2", "cursor=c", "limit=5",
            ])
    }

    @Test(
        "a text that is no browser ID is refused before anything is sent",
        arguments: ["", "../health", "a/b", "a?b", "a%2Fb", "a b", "ä"])
    func badID(_ id: String) async throws {
        let client = try client("http://127.0.0.1:9")
        let error = await #expect(throws: FleetClientError.self) {
            _ = try await client.browser(id)
        }
        #expect(error?.code == .invalidID)
    }
}
