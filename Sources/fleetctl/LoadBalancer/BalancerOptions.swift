// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// What both balancers are told.
struct BalancerOptions: ParsableArguments {
    @Option(help: "A server, name=https://host:port; repeatable.")
    var server: [String] = []

    @Option(help: "Where the balancer listens: a port, or address:port.")
    var listen = "80"

    @Option(help: "A name that clients call it by; repeatable (default: any).")
    var serverName: [String] = []

    /// The plan that was asked for.
    func plan() throws(CommandFailure) -> BalancerPlan {
        try Self.plan(server, listen: listen, names: serverName)
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
struct NginxConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nginx-config",
        abstract: "Writes an nginx configuration that balances a fleet without a gateway.")

    @OptionGroup var balancer: BalancerOptions

    func run() throws {
        Data.toStandardOutput(NginxText.of(try balancer.plan()))
    }
}

/// `fleetctl haproxy-config`.
struct HAProxyConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "haproxy-config",
        abstract: "Writes an HAProxy configuration that balances a fleet without a gateway.")

    @OptionGroup var balancer: BalancerOptions

    func run() throws {
        Data.toStandardOutput(HAProxyText.of(try balancer.plan()))
    }
}
