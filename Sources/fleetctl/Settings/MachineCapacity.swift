// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a machine can hold, for the default of `MAX_BROWSERS`.
struct MachineCapacity: Equatable, Sendable {
    /// Bytes this process and its children may use: the cgroup's limit if there is one, else the
    /// machine's memory.
    var memory: Int64
    /// Cores this process may use.
    var cores: Int

    /// Memory planned for one browser with a page of ordinary weight, from the deployment guide
    /// this project grew from; an idle one takes far less.
    static let memoryPerBrowser: Int64 = 400 << 20

    /// Browsers planned for one core; most wait for the network most of the time.
    static let browsersPerCore = 8

    /// A quarter of the memory is left to the system and to peaks.
    var browsers: Int {
        let byMemory = memory / 4 * 3 / Self.memoryPerBrowser
        return max(1, min(Int(clamping: byMemory), cores * Self.browsersPerCore))
    }

    /// How the number came about, for the line at start.
    var explanation: String {
        "from \(memory >> 20) MiB of memory and \(cores) core\(cores == 1 ? "" : "s")"
    }
}

extension SettingsInForce {
    /// The settings with `MAX_BROWSERS` and `MAX_USERS` filled in where nobody set them.
    func completed(for machine: MachineCapacity) -> SettingsInForce {
        var copy = self
        if count(.maxBrowsers) == nil {
            copy.entries[.maxBrowsers] = plannedBrowsers(for: machine)
        }
        if copy.count(.maxUsers) == nil, let most = copy.count(.maxBrowsers) {
            copy.entries[.maxUsers] = .init(value: .count(most), origin: .computed("MAX_BROWSERS"))
        }
        return copy
    }

    private func plannedBrowsers(for machine: MachineCapacity) -> Entry {
        if let workers = count(.workerThreads), let each = count(.browsersPerWorker) {
            return Entry(
                value: .count(min(10_000, workers * each)),
                origin: .computed("WORKER_THREADS x BROWSERS_PER_WORKER"))
        }
        return Entry(
            value: .count(machine.browsers), origin: .computed(machine.explanation))
    }
}
