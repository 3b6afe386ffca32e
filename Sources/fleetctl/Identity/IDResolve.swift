// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient
import BrowserFleetCore

/// `fleetctl id resolve`.
struct IDResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Says where a call about a browser would go.",
        discussion: "The fleet is asked, unless an option gives the rules of a gateway.")

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The browser's ID.")
    var id: String

    @Option(help: "A known server, name=https://host:port; repeatable.")
    var server: [String] = []

    @Option(help: "A domain below which every server is reached by its own name; repeatable.")
    var domainSuffix: [String] = []

    @Option(help: "The owner of IDs that name no server.")
    var fallbackServer: String?

    func run() async throws {
        let isAsked = server.isEmpty && domainSuffix.isEmpty && fallbackServer == nil
        let report =
            isAsked
            ? RouteReport(try await fleet.client().resolve(id))
            : try Self.report(
                id, servers: server, suffixes: domainSuffix, fallback: fallbackServer)
        try output.format.print(report, table: \.table)
    }

    /// Where a call about a browser would go, with these servers and rules.
    static func report(
        _ id: String, servers: [String] = [], suffixes: [String] = [], fallback: String? = nil
    ) throws(CommandFailure) -> RouteReport {
        let browser = try IDReport.read(id)
        var resolver = RoutingResolver(local: nil, directory: ServerTable())
        for entry in servers {
            let (name, endpoint) = try ServerOption.parse(entry)
            resolver.directory[name] = endpoint
        }
        for suffix in suffixes {
            resolver.suffixes.append(DomainSuffix(try ServerOption.name(suffix)))
        }
        if let fallback { resolver.fallback = try ServerOption.name(fallback) }
        return try RouteReport(id: browser.text, route: resolver.resolve(browser))
    }
}

/// Where a call goes.
struct RouteReport: Encodable, Equatable {
    /// The whole ID.
    var id: String
    /// Where its owner is reached.
    var url: String
    /// The rule that said so.
    var by: String

    init(id: String, route: Route) throws(CommandFailure) {
        switch route {
        case .remote(let endpoint, let rule):
            self.init(id: id, url: endpoint.description, by: rule.rawValue)
        case .local(let rule): self.init(id: id, url: "this server", by: rule.rawValue)
        case .unknown(let reason):
            throw CommandFailure(
                .notFound, reason.description,
                next: "fleetctl id resolve \(id) --server NAME=URL")
        }
    }

    /// What the fleet says.
    init(_ answer: ResolveResponse) {
        self.init(
            id: answer.id, url: answer.url ?? "\(answer.server), \(answer.standing.rawValue)",
            by: answer.by)
    }

    private init(id: String, url: String, by rule: String) {
        self.id = id
        self.url = url
        self.by = rule
    }

    /// For people.
    var table: Table { Table(pairs: [("id", id), ("url", url), ("by", by)]) }
}

/// `name=https://host:port` on the command line.
enum ServerOption {
    /// The parts.
    static func parse(_ text: String) throws(CommandFailure) -> (ServerName, ServerEndpoint) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let endpoint = ServerEndpoint(parts[1]) else {
            throw CommandFailure(
                .usage, "--server is \"\(text)\"; it looks like name=https://host:port")
        }
        return (try name(parts[0]), endpoint)
    }

    /// A checked DNS name.
    static func name(_ text: String) throws(CommandFailure) -> ServerName {
        do {
            return try ServerName(text)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }
}
