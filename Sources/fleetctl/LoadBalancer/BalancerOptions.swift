// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient
import Foundation

/// What both balancers are told.
struct BalancerOptions: ParsableArguments {
    @OptionGroup var fleet: FleetOptions

    @Option(help: "A server, name=https://host:port; repeatable (default: those of the fleet).")
    var server: [String] = []

    @Option(help: "Where the balancer listens: a port, or address:port.")
    var listen = "80"

    @Option(help: "A name that clients call it by; repeatable (default: any).")
    var serverName: [String] = []

    /// The plan that was asked for, of the servers that were named or that the fleet knows.
    func plan() async throws -> BalancerPlan {
        guard server.isEmpty else {
            return try Self.plan(server, listen: listen, names: serverName)
        }
        let known = try await fleet.client().servers().servers
        return try Self.plan(known, listen: listen, names: serverName)
    }

    /// The plan of the servers that a fleet knows, those that are lost left out.
    static func plan(
        _ servers: [ServerResponse], listen: String = "80", names: [String] = []
    ) throws(CommandFailure) -> BalancerPlan {
        var plans: [BalancerPlan.Server] = []
        for server in servers where server.status != "lost" {
            let (name, endpoint) = try ServerOption.parse("\(server.server)=\(server.url)")
            plans.append(
                BalancerPlan.Server(
                    name: name, endpoint: endpoint, weight: max(1, server.weight),
                    isBackup: server.backup))
        }
        return try BalancerPlan(servers: plans, listen: listen, names: names)
    }

    /// The plan of servers as they stand on a command line.
    static func plan(
        _ servers: [String], listen: String = "80", names: [String] = []
    ) throws(CommandFailure) -> BalancerPlan {
        var parsed: [BalancerPlan.Server] = []
        for text in servers {
            let (name, endpoint) = try ServerOption.parse(text)
            parsed.append(BalancerPlan.Server(name: name, endpoint: endpoint))
        }
        return try BalancerPlan(servers: parsed, listen: listen, names: names)
    }
}

/// `fleetctl nginx-config`.
struct NginxConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nginx-config",
        abstract: "Writes an nginx configuration that balances a fleet without a gateway.")

    @OptionGroup var balancer: BalancerOptions

    func run() async throws {
        Data.toStandardOutput(NginxText.of(try await balancer.plan()))
    }
}

/// `fleetctl haproxy-config`.
struct HAProxyConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "haproxy-config",
        abstract: "Writes an HAProxy configuration that balances a fleet without a gateway.")

    @OptionGroup var balancer: BalancerOptions

    func run() async throws {
        Data.toStandardOutput(HAProxyText.of(try await balancer.plan()))
    }
}
