// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The command line of BrowserFleet.
@main
struct Fleetctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleetctl",
        abstract: "Serves browsers and works with a fleet that does.",
        discussion: """
            FLEET_URL and FLEET_API_KEY name the fleet; without them a server on this machine is \
            found by itself. Data goes to stdout, everything else to stderr.

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 refused by the server, \
            5 no server answers.
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, UpCommand.self, UpMemberCommand.self, ServersCommand.self,
            TopCommand.self, EventsCommand.self, BrowsersCommand.self, IDCommand.self,
            KeysCommand.self, ConfigCommand.self, DoctorCommand.self, SimulateCommand.self,
            NginxConfigCommand.self, HAProxyConfigCommand.self, VersionCommand.self,
        ])

    /// Runs the command and leaves with one of the exit codes above.
    static func main() async {
        // A peer that goes away is an error of that write, never the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.leave(after: error)
        }
    }
}
