// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// Reads how busy the machine is; the port behind admission under pressure.
public protocol PressureReader: Sendable {
    /// The use of processor and memory since the last call, or an empty sample where none is known.
    func sample() -> PressureSample

    /// Bytes of memory that are left, in the container or the machine; nil where nobody knows.
    /// Asked twice a second, so it must be cheap.
    var availableMemory: Int64? { get }
}

extension PressureReader {
    /// Nobody knows.
    public var availableMemory: Int64? { nil }
}

/// Says always that nothing is known, so that pressure never refuses anybody.
public struct NoPressure: PressureReader {
    /// Creates the reader.
    public init() {}

    /// An empty sample.
    public func sample() -> PressureSample { PressureSample(host: .init()) }
}
