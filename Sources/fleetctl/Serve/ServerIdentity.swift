// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Finds the name and the ID of a server.
enum ServerIdentity {
    /// `DOMAIN`, which must be right, or the host's name, which need not be.
    static func name(
        _ settings: SettingsInForce, _ around: Surroundings
    ) throws(SettingsProblem) -> (name: ServerName, notices: [String]) {
        if let domain = settings.text(.domain) {
            do {
                let name = try ServerName(domain)
                return (name, name.warnings.map(\.description))
            } catch {
                throw SettingsProblem("DOMAIN: \(error)")
            }
        }
        do {
            return (try ServerName(around.hostName), [])
        } catch {
            return (
                .localhost,
                ["the host's name \"\(around.hostName)\" cannot be a server name; set DOMAIN"]
            )
        }
    }

    /// The server ID, from the sources in their order; one that would have to be made up is the
    /// one that was `kept` from an earlier start.
    static func id(
        _ settings: SettingsInForce, _ around: Surroundings, kept: String?
    ) throws(SettingsProblem) -> (id: ServerID, notices: [String]) {
        var generator = SystemRandomNumberGenerator()
        do {
            let found = try ServerIDSource.resolve(
                timestamp: around.timestamp, using: &generator
            ) { variable in
                switch variable {
                case ServerIDSource.serverID.rawValue: settings.text(.serverID)
                case ServerIDSource.domain.rawValue: settings.text(.domain)
                case ServerIDSource.hostname.rawValue:
                    around.environment[variable] ?? around.hostName
                case _: around.environment[variable]
                }
            }
            if found.source == .generated, let kept, let id = try? ServerID(kept) {
                return (id, [])
            }
            return (found.id, found.skipped.map(\.description))
        } catch {
            throw SettingsProblem("\(error)")
        }
    }
}
