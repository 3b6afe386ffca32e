// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a plan needs to know of the machine besides the settings.
struct Surroundings: Sendable {
    /// The host's own name.
    var hostName: String
    /// The environment.
    var environment: [String: String]
    /// Milliseconds since 1970.
    var timestamp: Int64
    /// Cores this process may use.
    var cores: Int

    /// Of this machine, now.
    static func current() -> Surroundings {
        let information = ProcessInfo.processInfo
        return Surroundings(
            hostName: information.hostName, environment: information.environment,
            timestamp: Int64(Date().timeIntervalSince1970 * 1000),
            cores: information.activeProcessorCount)
    }
}
