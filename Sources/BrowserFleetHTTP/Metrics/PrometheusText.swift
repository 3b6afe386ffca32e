// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Writes metrics in Prometheus' text format (0.0.4).
struct PrometheusText {
    /// The content type of what ``text`` holds.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""
    private var described: Set<String> = []

    /// Writes every series of a registry.
    mutating func write(_ registry: PrometheusRegistry) {
        for (key, series) in registry.all {
            describe(key.name, series.typeName)
            switch series {
            case .counter(let counter): line(key.name, key.labelText(), counter.value)
            case .gauge(let gauge): line(key.name, key.labelText(), gauge.value)
            case .histogram(let histogram): write(histogram, key)
            }
        }
    }

    /// Writes a value that is read at the moment of the scrape.
    mutating func gauge(_ name: String, _ value: Double, _ dimensions: [(String, String)] = []) {
        describe(name, "gauge")
        line(name, MetricKey(name, dimensions).labelText(), value)
    }

    /// Writes a count that is read at the moment of the scrape.
    mutating func counter(_ name: String, _ value: Double) {
        describe(name, "counter")
        line(name, "", value)
    }

    private mutating func write(_ histogram: HistogramSeries, _ key: MetricKey) {
        let content = histogram.snapshot
        var sum = 0
        for (bound, count) in zip(histogram.bounds, content.counts) {
            sum += count
            let label = MetricKey.Label(name: "le", value: Self.number(bound))
            line("\(key.name)_bucket", key.labelText(label), Double(sum))
        }
        let last = MetricKey.Label(name: "le", value: "+Inf")
        line("\(key.name)_bucket", key.labelText(last), Double(content.count))
        line("\(key.name)_sum", key.labelText(), content.sum)
        line("\(key.name)_count", key.labelText(), Double(content.count))
    }

    private mutating func describe(_ name: String, _ type: String) {
        guard described.insert(name).inserted else { return }
        text += "# HELP \(name) \(Self.help(name))\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: Double) {
        text += "\(name)\(labels) \(Self.number(value))\n"
    }

    private static func number(_ value: Double) -> String {
        guard let whole = Int64(exactly: value) else { return "\(value)" }
        return String(whole)
    }

    private static func help(_ name: String) -> String {
        helps[name] ?? name.split(separator: "_").dropFirst().joined(separator: " ") + "."
    }

    private static let helps = [
        "browserfleet_acquire_seconds": "Time from a create call to its browser.",
        "browserfleet_queue_wait_seconds": "Time that callers waited in the queue.",
        "browserfleet_launch_seconds": "Time that launches took.",
        "browserfleet_launch_failures_total": "Launches that failed.",
        "browserfleet_refusals_total": "Callers that got no browser.",
        "browserfleet_browsers_ended_total": "Browsers that ended, by reason.",
        "browserfleet_cdp_round_trip_seconds":
            "Time from a client's CDP call to its answer, sampled.",
        "browserfleet_render_seconds": "Time that screenshots, PDFs and contents took.",
        "browserfleet_session_bytes": "Bytes of each ended lease, by direction.",
        "browserfleet_swept_total": "Things that no slot owned and that were removed.",
        "browserfleet_cpu_use_ratio": "Processor use of the control group, else the host: 0 to 1.",
        "browserfleet_memory_use_ratio": "Memory use of the control group, else the host: 0 to 1.",
        "browserfleet_launches_total": "Launches that were begun.",
        "browserfleet_quarantines_total": "Times that launches failed in a row and were paused.",
        "browserfleet_max_leases": "Leases that can exist at once.",
        "browserfleet_queue_capacity": "Callers that may wait at once.",
        "browserfleet_oldest_wait_seconds": "How long the first of all waiting callers has waited.",
        "browserfleet_sandbox": "1 while browsers are started with their own sandbox.",
        "browserfleet_chromium_build_time_seconds":
            "When Chromium was built, in seconds since 1970.",
        "browserfleet_leased_received_bytes": "Bytes that the leased browsers have loaded.",
        "browserfleet_leased_sent_bytes": "Bytes that the leased browsers have sent.",
        "browserfleet_leased_refused_connections":
            "Connections of the leased browsers that the egress rules refused.",
        "process_cpu_seconds_total": "Processor time of the server.",
        "process_open_fds": "Open file descriptors of the server.",
        "process_start_time_seconds": "When the server started, in seconds since 1970.",
        "browserfleet_egress_refused_total": "Requests of pages that the rules refused, by reason.",
        "browserfleet_egress_failed_total": "Requests of pages that failed on the way, by kind.",
        "browserfleet_http_requests_total": "Requests, by method and status.",
        "browserfleet_problems_total": "Error answers, by code.",
        "browserfleet_forwarded_requests_total":
            "Requests that were sent on to other servers, by outcome.",
        "browserfleet_forward_dial_seconds": "Time that connections to other servers took.",
        "browserfleet_tunnels": "WebSockets that pass through to other servers now.",
        "browserfleet_tunnel_bytes_total": "Bytes that passed through WebSockets, by direction.",
        "browserfleet_placed_creates_total":
            "Create calls that were placed on the servers of the fleet, by outcome.",
        "browserfleet_create_attempts_total":
            "Tries of such calls on one server each, by outcome.",
        "browserfleet_fleet_servers": "Servers that this gateway knows, by status.",
        "browserfleet_fleet_waiting_callers": "Create calls that wait for a server with room.",
        "browserfleet_sockets_opened_total": "WebSockets opened.",
        "browserfleet_sockets_closed_total": "WebSockets closed by us, by code.",
        "browserfleet_browsers": "Browsers, by state.",
        "browserfleet_slots": "Browsers that can exist at once.",
        "browserfleet_waiting_callers": "Callers that wait for a browser.",
        "browserfleet_connections": "WebSockets now.",
        "browserfleet_http_connections": "Network connections now.",
        "browserfleet_ready": "1 while the server takes leases.",
        "browserfleet_uptime_seconds": "Seconds since the start.",
        "browserfleet_screenshots_in_progress": "Pages being rendered.",
        "browserfleet_info": "Versions of the server and of the browser engine, and its isolation.",
        "process_resident_memory_bytes": "Resident memory of the server.",
    ]
}
