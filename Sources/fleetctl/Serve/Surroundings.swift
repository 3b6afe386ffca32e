// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetEgress
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
    /// The addresses of this machine's interfaces, which no browser may reach.
    var addresses: Set<IPAddress>
    /// Descriptors this process may have open.
    var openFiles: Int

    /// Of this machine, now, with the limit of open files raised as far as it goes.
    ///
    /// - Throws: a problem if the addresses cannot be read: without them browsers could not be
    ///   kept away from this machine's services.
    static func current() throws(SettingsProblem) -> Surroundings {
        let information = ProcessInfo.processInfo
        let addresses: Set<IPAddress>
        do {
            addresses = try EgressPolicy.addressesOfThisHost()
        } catch {
            throw SettingsProblem(
                "the addresses of this machine cannot be read (\(error)), so browsers could not "
                    + "be kept from its services; in a container, allow netlink sockets")
        }
        return Surroundings(
            hostName: information.hostName, environment: information.environment,
            timestamp: Int64(Date().timeIntervalSince1970 * 1000),
            cores: information.activeProcessorCount, addresses: addresses,
            openFiles: OpenFiles.raise())
    }
}
