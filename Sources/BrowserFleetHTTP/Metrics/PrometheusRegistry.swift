// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import Metrics
import Synchronization

/// Keeps the process's metrics and writes them as Prometheus text.
///
/// Hand it to `MetricsSystem.bootstrap` once, at the start of the process, and to the HTTP server,
/// which serves it at `/metrics`. Timers become histograms in seconds.
public final class PrometheusRegistry: MetricsFactory {
    /// Upper bounds of the buckets of histograms in seconds: from one CDP round trip to the
    /// longest launch.
    static let secondBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
        5, 10, 30, 60,
    ]

    /// Upper bounds of the buckets of histograms in bytes.
    static let byteBounds: [Double] = [
        1e3, 1e4, 5e4, 1e5, 2e5, 3e5, 3.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7, 5e7, 1e8, 1e9,
    ]

    private static func bounds(_ label: String) -> [Double] {
        label.hasSuffix("_bytes") ? byteBounds : secondBounds
    }

    enum Series: Sendable {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)

        /// The word behind `# TYPE`.
        var typeName: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private let series = Mutex<[MetricKey: Series]>([:])

    /// Creates an empty registry.
    public init() {}

    /// All series, by name and labels.
    var all: [(key: MetricKey, series: Series)] {
        series.withLock { series in
            series.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }

    // A name that is in use as another type keeps it: the new series counts, but is not shown.

    /// Makes, or finds, a counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// Makes, or finds, a counter.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    /// Makes, or finds, a gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// Makes, or finds, a histogram (`aggregate`) or a gauge.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    /// Makes, or finds, a histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    // Series live as long as the process: a counter that was dropped and made again would count
    // backwards.

    /// Does nothing.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Does nothing.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing.
    public func destroyTimer(_ handler: any TimerHandler) {}

    func counter(_ label: String, _ dimensions: [(String, String)] = []) -> CounterSeries {
        let key = MetricKey(label, dimensions)
        return series.withLock { series in
            if case .counter(let found)? = series[key] { return found }
            let made = CounterSeries()
            if series[key] == nil { series[key] = .counter(made) }
            return made
        }
    }

    func gauge(_ label: String, _ dimensions: [(String, String)] = []) -> GaugeSeries {
        let key = MetricKey(label, dimensions)
        return series.withLock { series in
            if case .gauge(let found)? = series[key] { return found }
            let made = GaugeSeries()
            if series[key] == nil { series[key] = .gauge(made) }
            return made
        }
    }

    func histogram(_ label: String, _ dimensions: [(String, String)] = []) -> HistogramSeries {
        let key = MetricKey(label, dimensions)
        return series.withLock { series in
            if case .histogram(let found)? = series[key] { return found }
            let made = HistogramSeries(bounds: Self.bounds(label))
            if series[key] == nil { series[key] = .histogram(made) }
            return made
        }
    }

    /// The values of all counters of a name, by one of their labels.
    func counts(of name: String, by label: String) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for (key, series) in all where key.name == name {
            guard case .counter(let counter) = series,
                let word = key.labels.first(where: { $0.name == label })?.value
            else { continue }
            counts[word, default: 0] += Int64(counter.value)
        }
        return counts
    }

    /// The last values of all histograms of a name, over all labels, and how many there were.
    func recentValues(of name: String) -> (count: Int, values: [Double]) {
        var (count, values) = (0, [Double]())
        for (key, series) in all where key.name == name {
            guard case .histogram(let histogram) = series else { continue }
            let content = histogram.snapshot
            count += content.count
            values += content.recent
        }
        return (count, values)
    }
}
