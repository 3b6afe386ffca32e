// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import InMemoryTracing
import Testing
import Tracing

@Suite("Spans of a pool", .timeLimit(.minutes(1)))
struct SpanTests {
    /// The process has one tracer.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    @Test("an acquire is a span of its caller's trace; a launch has a trace of its own")
    func acquireAndLaunch() async throws {
        let tracer = Self.tracer
        let pool = makePool(PoolConfiguration(maxBrowsers: 1, warmHeadless: 0))
        let (trace, id) = try await pool.run { pool in
            try await tracer.withSpan("caller") { span in
                (span.traceID, try await pool.acquire().id)
            }
        }
        let own = tracer.finishedSpans.filter { $0.spanContext.traceID == trace }
        #expect(own.map(\.operationName) == ["acquire", "caller"])
        #expect(own.first?.attributes.get("browserId") == .string(id.text))
        #expect(own.first?.attributes.get("start") == .string("cold"))
        let launches = tracer.finishedSpans.filter { $0.operationName == "launch" }
        #expect(!launches.isEmpty)
        #expect(launches.allSatisfy { $0.spanContext.parentSpanID == nil })
    }

    @Test("a failed acquire says why")
    func failure() async throws {
        let tracer = Self.tracer
        let pool = makePool(PoolConfiguration(maxBrowsers: 1))
        let trace = await tracer.withSpan("caller") { span in
            _ = try? await pool.acquire()
            return span.traceID
        }
        let acquire = tracer.finishedSpans.first {
            $0.spanContext.traceID == trace && $0.operationName == "acquire"
        }
        #expect(acquire?.errors.count == 1)
    }
}
