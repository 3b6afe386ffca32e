// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `fleetctl up`.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract:
            "Runs a whole fleet on this machine behind one gateway, for trying and for tests.",
        discussion: """
            Every server is a process of its own with its own name, port and folder. Settings in \
            the environment reach all of them (WARM_BROWSERS=1 fleetctl up). Ctrl-C ends them.
            """)

    @Option(help: "How many servers.")
    var servers = 3

    @Option(help: "The gateway's port; the servers take those behind it. 0 takes free ones.")
    var port = 3000

    @Option(help: "The domain below which the servers have their names.")
    var domain = "localhost"

    @Option(help: "Browsers of each server (default: what this machine holds, shared out).")
    var browsers: Int?

    func validate() throws {
        guard (1...64).contains(servers) else {
            throw ValidationError("--servers must be from 1 to 64")
        }
        guard port == 0 || (1...(65_535 - servers)).contains(port) else {
            throw ValidationError(
                "--port must be 0, or leave room for the servers' ports behind it")
        }
    }

    func run() async throws {
        let fleet = try LocalFleet(
            servers: servers, port: port, domain: domain, browsers: browsers,
            environment: ProcessInfo.processInfo.environment)
        try await fleet.run()
    }
}

/// A server of `fleetctl up`: as `serve`, but it ends with the process that started it.
struct UpMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up-member", abstract: "A server of fleetctl up.", shouldDisplay: false)

    func run() async throws {
        // Out of the terminal's foreground group: a Ctrl-C is for the one that started this.
        setpgid(0, 0)
        let watch = Thread {
            while let data = try? FileHandle.standardInput.read(upToCount: 1), !data.isEmpty {}
            kill(getpid(), SIGTERM)
        }
        watch.start()
        let settings = try LocalSettings.load([])
        try await FleetProcess(settings: settings, surroundings: try .current()).run()
    }
}
