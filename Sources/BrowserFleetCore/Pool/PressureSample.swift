// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How busy the machine is at one moment.
///
/// Where a container has a limit of its own its figure is what counts; the host's figures, which
/// inside a container are other people's business, count only where there is none.
public struct PressureSample: Hashable, Sendable {
    /// Use of one group of resources, in per cent of what it may use; `nil` where there is no
    /// limit or no figure.
    public struct Use: Hashable, Sendable {
        /// Processor time, in per cent.
        public var processor: Double?
        /// Memory that cannot be reclaimed, in per cent.
        public var memory: Double?

        /// Creates a reading.
        public init(processor: Double? = nil, memory: Double? = nil) {
            self.processor = processor
            self.memory = memory
        }
    }

    /// The control group's figures, against its own limits.
    public var group: Use
    /// The host's figures.
    public var host: Use

    /// Creates a sample.
    public init(group: Use = Use(), host: Use) {
        self.group = group
        self.host = host
    }

    /// The processor figure that counts.
    package var processor: Double? { group.processor ?? host.processor }
    /// The memory figure that counts.
    package var memory: Double? { group.memory ?? host.memory }
}
