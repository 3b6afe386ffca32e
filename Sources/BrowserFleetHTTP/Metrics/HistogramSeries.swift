// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Synchronization

/// A distribution: buckets for Prometheus, and the last values for exact percentiles.
final class HistogramSeries: TimerHandler, RecorderHandler {
    /// What has been counted.
    struct Content: Sendable {
        var counts: [Int]
        var count = 0
        var sum = 0.0
        /// The last values, as a ring.
        var recent: [Double] = []
        var next = 0
    }

    /// Values that percentiles are made of.
    private static let recentCount = 1024

    let bounds: [Double]
    private let content: Mutex<Content>

    init(bounds: [Double]) {
        self.bounds = bounds
        content = Mutex(Content(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var snapshot: Content { content.withLock(\.self) }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        content.withLock { content in
            content.counts[bucket] += 1
            content.count += 1
            content.sum += value
            if content.recent.count < Self.recentCount {
                content.recent.append(value)
            } else {
                content.recent[content.next] = value
                content.next = (content.next + 1) % Self.recentCount
            }
        }
    }
}
