// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import Testing
import Tracing

@testable import BrowserFleetHTTP

@Suite("W3C trace context")
struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test(
        "a header of the recommendation's form is read",
        arguments: [
            ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false),
            ("00-\(trace)-\(span)-03", true), ("cc-\(trace)-\(span)-01", true),
            ("cc-\(trace)-\(span)-01-what-the-future-brings", true),
        ])
    func good(_ text: String, _ isSampled: Bool) throws {
        let context = try #require(TraceContext(traceparent: text))
        #expect(context.traceID == Self.trace && context.spanID == Self.span)
        #expect(context.isSampled == isSampled)
    }

    // The cases of the recommendation's own test suite (w3c/trace-context, test/test.py).
    @Test(
        "what the recommendation calls invalid is left out",
        arguments: [
            "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01.0",
            "00-\(trace)-\(span)-01-what-the-future-brings", "ff-\(trace)-\(span)-01",
            ".0-\(trace)-\(span)-01", "0.-\(trace)-\(span)-01",
            "00-.\(trace.dropLast())-\(span)-01",
            "00-\(trace)-\(span.dropLast()).-01", "00-\(trace)-\(span)-.0",
            "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
            "00-\(trace.uppercased())-\(span)-01", "00_\(trace)_\(span)_01",
            "cc-\(trace)-\(span)-01.what", "00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01",
        ])
    func bad(_ text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test("a state that is too long is dropped, the trace is not")
    func state() {
        let text = "00-\(Self.trace)-\(Self.span)-01"
        #expect(TraceContext(traceparent: text, tracestate: "a=1,b=2")?.state == "a=1,b=2")
        let long = "a=" + String(repeating: "1", count: 511)
        let context = TraceContext(traceparent: text, tracestate: long)
        #expect(context != nil && context?.state == nil)
    }

    @Test("a child keeps the trace and its state, and is written as it can be read")
    func child() throws {
        let parent = try #require(
            TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01", tracestate: "a=1"))
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let child = parent.child(using: &generator)
            #expect(child.traceID == parent.traceID && child.spanID != parent.spanID)
            #expect(TraceContext(traceparent: child.traceparent, tracestate: "a=1") == child)
            let root = TraceContext.root(isSampled: true, using: &generator)
            #expect(TraceContext(traceparent: root.traceparent) == root)
        }
    }

    @Test("a span is one line when it ends, below its parent's")
    func spanLines() throws {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "trace") { _ in log }
        logger.logLevel = .debug
        let tracer = FleetTracer(logger: logger)
        tracer.withSpan("outer") { outer in
            outer.attributes["count"] = 3
            tracer.withSpan("inner") { $0.recordError(CancellationError()) }
        }
        let lines = log.entries.map(\.metadata)
        #expect(lines.map { $0["span"] } == ["inner", "outer"])
        #expect(lines[0]["traceId"] == lines[1]["traceId"])
        #expect(lines[0]["parentSpanId"] == lines[1]["spanId"])
        #expect(lines[1]["parentSpanId"] == nil && lines[1]["count"] == "3")
        #expect(lines[0]["error"] != nil)
    }

    @Test("what the caller does not keep is not written, but passed on")
    func unsampled() {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "trace") { _ in log }
        logger.logLevel = .debug
        let tracer = FleetTracer(logger: logger)
        let headers = ["traceparent": "00-\(Self.trace)-\(Self.span)-00", "tracestate": "a=1"]
        var context = ServiceContext.topLevel
        tracer.extract(headers, into: &context, using: DictionaryCarrier())
        var outgoing: [String: String] = [:]
        tracer.withSpan("call", context: context) { span in
            tracer.inject(span.context, into: &outgoing, using: DictionaryCarrier())
        }
        #expect(log.entries.isEmpty)
        #expect(outgoing["tracestate"] == "a=1")
        #expect(outgoing["traceparent"]?.hasPrefix("00-\(Self.trace)-") == true)
        #expect(outgoing["traceparent"] != headers["traceparent"])
    }
}

/// Headers as a dictionary.
private struct DictionaryCarrier: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
        carrier[key] = value
    }
}
