// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Metrics

/// The pool's measurements, by the names of `GET /metrics`.
///
/// Counters that alerts watch exist from the start: a series that begins with its first failure
/// hides that failure from Prometheus' `increase`.
struct PoolMetrics: Sendable {
    private let factory: any MetricsFactory

    /// Creates the measurements in `factory`.
    init(factory: any MetricsFactory) {
        self.factory = factory
        for reason in EndReason.allCases {
            for leased in [true, false] { endings(reason, leased: leased).increment(by: 0) }
        }
        for code in LaunchError.Code.all { failures(code).increment(by: 0) }
        for kind in ["processes", "folders"] { swept(kind).increment(by: 0) }
    }

    /// Counts one answer to a caller and how long it took.
    func answered<Browser>(_ outcome: Result<Lease<Browser>, PoolError>, after wait: Duration) {
        switch outcome {
        case .success(let lease):
            Timer(
                label: "browserfleet_acquire_seconds",
                dimensions: [("start", lease.record.start.rawValue)], factory: factory
            ).record(duration: wait)
            Timer(label: "browserfleet_queue_wait_seconds", factory: factory)
                .record(duration: lease.record.waited)
        case .failure(let error):
            guard case .refused(let refusal) = error.code else { return }
            Counter(
                label: "browserfleet_refusals_total",
                dimensions: [("reason", refusal.reason.word)], factory: factory
            ).increment()
        }
    }

    /// Counts one launch that answered.
    func launched(_ properties: LaunchProperties, after duration: Duration) {
        Timer(
            label: "browserfleet_launch_seconds",
            dimensions: [("mode", properties.headful ? "headful" : "headless")], factory: factory
        ).record(duration: duration)
    }

    /// Counts one launch that failed.
    func launchFailed(_ code: LaunchError.Code) { failures(code).increment() }

    /// Counts one browser's end.
    func ended(_ reason: EndReason, leased: Bool) {
        endings(reason, leased: leased).increment()
    }

    /// Counts what one lease loaded and sent.
    func spent(_ traffic: BrowserTraffic) {
        for (direction, bytes) in [("in", traffic.bytesIn), ("out", traffic.bytesOut)] {
            Recorder(
                label: "browserfleet_session_bytes", dimensions: [("direction", direction)],
                factory: factory
            ).record(bytes)
        }
    }

    /// Notes how busy the machine, or its control group, is; a figure that is missing stays as it
    /// was.
    func sampled(_ sample: PressureSample) {
        let figures = [
            ("browserfleet_cpu_use_ratio", sample.processor),
            ("browserfleet_memory_use_ratio", sample.memory),
        ]
        for case (let label, let percent?) in figures {
            Meter(label: label, factory: factory).set(percent / 100)
        }
    }

    /// Counts what a sweep removed.
    func swept(_ report: SweepReport) {
        swept("processes").increment(by: report.processes)
        swept("folders").increment(by: report.folders)
    }

    private func endings(_ reason: EndReason, leased: Bool) -> Counter {
        Counter(
            label: "browserfleet_browsers_ended_total",
            dimensions: [("reason", reason.rawValue), ("leased", leased ? "true" : "false")],
            factory: factory)
    }

    private func failures(_ code: LaunchError.Code) -> Counter {
        Counter(
            label: "browserfleet_launch_failures_total", dimensions: [("code", "\(code)")],
            factory: factory)
    }

    private func swept(_ kind: String) -> Counter {
        Counter(
            label: "browserfleet_swept_total", dimensions: [("kind", kind)], factory: factory)
    }
}
