// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import FoundationEssentials
import Synchronization

/// Reads the control group's use first (version 2, then 1), and the host's from `/proc`.
///
/// Where these files do not exist, as on a Mac, nothing is known and nobody is refused.
public final class SystemPressure: PressureReader {
    private let last = Mutex<(host: HostProcessorTimes?, group: GroupProcessorReading?)>((nil, nil))
    private let clock: any FleetClock
    private let group: ControlGroupFiles?

    /// Creates a reader of this process's control group and host.
    public init(clock: any FleetClock = MonotonicClock()) {
        self.clock = clock
        group = ControlGroupFiles.find()
    }

    /// The use since the last call; processor figures are empty in the first.
    public func sample() -> PressureSample {
        PressureSample(
            group: .init(processor: groupProcessor(), memory: group?.memoryUse),
            host: .init(processor: hostProcessor(), memory: hostMemory()))
    }

    /// What the host has left, or the control group where that is less.
    public var availableMemory: Int64? {
        let host = SystemFile.read("/proc/meminfo").flatMap(MemoryInfo.init(text:))
        return [host.map { $0.available * 1024 }, group?.memoryLeft].compactMap { $0 }.min()
    }

    private func hostProcessor() -> Double? {
        guard let text = SystemFile.read("/proc/stat"),
            let times = HostProcessorTimes(procStat: text)
        else { return nil }
        let before = last.withLock { state in
            defer { state.host = times }
            return state.host
        }
        return before.flatMap { times.use(since: $0) }
    }

    private func hostMemory() -> Double? {
        SystemFile.read("/proc/meminfo").flatMap(MemoryInfo.init(text:))?.use
    }

    private func groupProcessor() -> Double? {
        guard let group, let used = group.processorTime, let share = group.processorLimit else {
            return nil
        }
        let reading = GroupProcessorReading(at: clock.now, used: used)
        let before = last.withLock { state in
            defer { state.group = reading }
            return state.group
        }
        return before.flatMap { reading.use(since: $0, limit: share) }
    }
}
