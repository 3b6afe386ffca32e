// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import fleetctl

extension SettingsSources {
    /// Sources as texts.
    static func fixture(
        flags: [String] = [], environment: [String: String] = [:], file: String? = nil,
        secrets: [String: String] = [:]
    ) throws -> SettingsSources {
        SettingsSources(
            flags: try SettingsFlags(flags), environment: environment,
            file: try file.map { try SettingsFile(path: "fleet.yaml", text: $0) },
            readSecret: { secrets[$0] })
    }

    /// The settings in force on a machine that holds ten browsers.
    func resolved() throws -> SettingsInForce {
        try SettingsResolver.resolve(self, machine: .fixture)
    }
}

extension MachineCapacity {
    /// Ten browsers by its memory.
    static let fixture = MachineCapacity(memory: 6 << 30, cores: 4)
}

/// The lines of the problems that `body` throws; none if it throws nothing.
func problems(_ body: () throws -> Void) -> [String] {
    do {
        try body()
        return []
    } catch let problems as SettingsProblems {
        return problems.all.map(\.description)
    } catch {
        return ["\(error)"]
    }
}
