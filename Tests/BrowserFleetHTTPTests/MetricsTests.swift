// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Metrics
import Testing

@testable import BrowserFleetHTTP

@Suite("metrics are Prometheus text")
struct MetricsTests {
    @Test("counters, gauges and histograms are written as the format wants them")
    func text() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "a_total", dimensions: [("z", "1"), ("b", "q\"\\\n")])
            .increment(by: 3)
        registry.makeMeter(label: "b-c.d", dimensions: []).set(1.5)
        registry.makeTimer(label: "t_seconds", dimensions: []).recordNanoseconds(30_000_000)
        var text = PrometheusText()
        text.write(registry)
        let lines = text.text.split(separator: "\n").map(String.init)
        #expect(lines.contains(#"a_total{b="q\"\\\n",z="1"} 3"#))
        #expect(lines.contains("# TYPE b_c_d gauge"))
        #expect(lines.contains("b_c_d 1.5"))
        #expect(lines.contains(#"t_seconds_bucket{le="0.025"} 0"#))
        #expect(lines.contains(#"t_seconds_bucket{le="0.05"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{le="+Inf"} 1"#))
        #expect(lines.contains("t_seconds_sum 0.03"))
        #expect(lines.contains("t_seconds_count 1"))
    }

    @Test("one name and labels are one series, however often it is made")
    func identity() {
        let registry = PrometheusRegistry()
        for _ in 0..<3 {
            registry.makeCounter(label: "a_total", dimensions: [("x", "1"), ("y", "2")])
                .increment(by: 1)
            registry.makeCounter(label: "a_total", dimensions: [("y", "2"), ("x", "1")])
                .increment(by: 1)
        }
        #expect(registry.counter("a_total", [("x", "1"), ("y", "2")]).value == 6)
        registry.makeMeter(label: "a_total", dimensions: [("x", "1"), ("y", "2")]).set(9.0)
        #expect(registry.counter("a_total", [("x", "1"), ("y", "2")]).value == 6)
    }

    @Test("percentiles are those of the last values")
    func percentiles() {
        let registry = PrometheusRegistry()
        let metrics = ServerMetrics(registry: registry)
        #expect(metrics.latency("x_seconds").p50Ms == 0)
        for value in 1...2000 { registry.histogram("x_seconds").record(Double(value) / 1000) }
        let latency = metrics.latency("x_seconds")
        #expect(latency.count == 2000)
        // 977 to 2000 are left.
        #expect(latency.p50Ms == 1488 && latency.p99Ms == 1990)
    }

    @Test("the endpoint names browsers, sockets and requests")
    func endpoint() async throws {
        try await FleetRig.with { rig in
            let made = try await rig.create()
            _ = try await rig.call("DELETE", "/browsers/\(made.id)", key: rig.user)
            _ = try await rig.create()
            let answer = try await rig.call("GET", "/metrics", key: rig.admin)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.contains(#"browserfleet_browsers{state="leased"} 1"#))
            for line in [
                #"browserfleet_http_requests_total{method="POST",status="201"} 2"#,
                #"browserfleet_browsers_ended_total{leased="true",reason="deleted"} 1"#,
                #"browserfleet_browsers_ended_total{leased="true",reason="crashed"} 0"#,
                #"browserfleet_launch_failures_total{code="exited-early"} 0"#,
                #"browserfleet_session_bytes_bucket{direction="in",le="350000"} 1"#,
                "browserfleet_queue_capacity 100", "browserfleet_sandbox 0",
            ] {
                #expect(answer.body.contains("\n\(line)\n"), "\(line)")
            }
            for word in [rig.admin, "token=", "\(made.id)"] {
                #expect(!answer.body.contains(word))
            }
        }
    }
}
