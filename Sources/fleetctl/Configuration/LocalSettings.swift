// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The settings of a server on this machine: sources read from the real world.
enum LocalSettings {
    /// The file that is read if nobody names another and it exists.
    static let standardFile = "fleet.yaml"

    /// Reads all sources, the flags among `arguments` first, and completes the result for this
    /// machine.
    static func load(_ arguments: [String]) throws -> SettingsInForce {
        var sources = SettingsSources(flags: try SettingsFlags(arguments))
        sources.environment = ProcessInfo.processInfo.environment
        sources.file = try file(sources.flags.file ?? sources.environment["FLEET_CONFIG"])
        sources.readSecret = { path in
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
        return try SettingsResolver.resolve(sources, machine: .current())
    }

    private static func file(_ named: String?) throws -> SettingsFile? {
        let path = named ?? standardFile
        guard let data = FileManager.default.contents(atPath: path) else {
            guard named == nil else {
                throw SettingsProblem("the settings file \(path) cannot be read")
            }
            return nil
        }
        return try SettingsFile(path: path, text: String(decoding: data, as: UTF8.self))
    }
}

extension MachineCapacity {
    /// This machine, as far as this process may use it.
    static func current() -> MachineCapacity {
        let machine = Int64(clamping: ProcessInfo.processInfo.physicalMemory)
        // Version 2, then version 1 of cgroups; "max" and huge numbers mean no limit.
        let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
            .compactMap { FileManager.default.contents(atPath: $0) }
            .compactMap { Int64(String(decoding: $0, as: UTF8.self).trimmingSpaces) }
        return MachineCapacity(
            memory: limits.reduce(machine, min),
            cores: ProcessInfo.processInfo.activeProcessorCount)
    }
}
