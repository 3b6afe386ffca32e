// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import BrowserFleetAPI
import BrowserFleetClient
import Foundation

/// `fleetctl browsers create`.
struct BrowsersCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates a browser and prints the URL to connect to.",
        discussion: """
            A proxy with user and password does not belong on a command line: put its URL into \
            FLEET_PROXY.
            """)

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var wishes: BrowserWishes

    func run() async throws {
        let request = try wishes.request(environment: ProcessInfo.processInfo.environment)
        let browser = try await fleet.client().createBrowser(request)
        try output.format.print(browser, table: BrowserTable.one)
        Talk.say("end it with: fleetctl browsers delete \(browser.id)")
    }
}

/// What one may wish for in a new browser.
struct BrowserWishes: ParsableArguments {
    @Flag(help: "With a (virtual) screen.")
    var headful = false

    @Option(help: "Upstream proxy without credentials, such as http://proxy:3128.")
    var proxy: String?

    @Option(help: "low, normal or high.")
    var priority: RequestPriority?

    @Option(help: "End after so long without traffic, such as 5m.")
    var idleTimeout: String?

    @Option(help: "End after so long at most, such as 1h.")
    var maxLifetime: String?

    @Option(help: "Wait so long for a free browser, such as 30s.")
    var queueTimeout: String?

    @Option(help: "Size of new pages, such as 1280x720.")
    var viewport: String?

    @Option(help: "The User-Agent to present.")
    var userAgent: String?

    @Option(help: "Such as de-DE.")
    var locale: String?

    @Option(help: "Such as Europe/Berlin.")
    var timezone: String?

    @Option(name: .customLong("arg"), help: "A browser switch of the allow-list; repeatable.")
    var arguments: [String] = []

    @Option(help: "A word about the browser, name=value; repeatable.")
    var metadata: [String] = []

    /// The wishes as a request.
    func request(
        environment: [String: String]
    ) throws(CommandFailure) -> CreateBrowserRequest {
        var request = CreateBrowserRequest()
        request.headful = headful ? true : nil
        request.proxy = try proxyChoice(environment)
        request.priority = priority
        request.idleTimeoutMs = try milliseconds(idleTimeout, "--idle-timeout")
        request.maxLifetimeMs = try milliseconds(maxLifetime, "--max-lifetime")
        request.queueTimeoutMs = try milliseconds(queueTimeout, "--queue-timeout")
        request.viewport = try viewport.map { text throws(CommandFailure) in try size(text) }
        request.userAgent = userAgent
        request.locale = locale
        request.timezone = timezone
        request.args = arguments.isEmpty ? nil : arguments
        request.metadata = metadata.isEmpty ? nil : try MetadataText.pairs(metadata)
        return request
    }

    private func proxyChoice(
        _ environment: [String: String]
    ) throws(CommandFailure) -> ProxyChoice? {
        if let proxy, proxy.contains("@") {
            throw CommandFailure(
                .usage, "--proxy would show the password to everybody on this machine",
                next: "put the URL into FLEET_PROXY and leave --proxy away")
        }
        return (proxy ?? environment["FLEET_PROXY"]).map { ProxyChoice(server: $0) }
    }

    private func milliseconds(
        _ text: String?, _ option: String
    ) throws(CommandFailure) -> Int64? {
        guard let text else { return nil }
        guard let duration = DurationText.parse(text, bare: .second) else {
            throw CommandFailure(
                .usage, "\(option) is \"\(text)\"; a time looks like 250ms, 30s, 5m or 1h")
        }
        return duration.wholeMilliseconds
    }

    private func size(_ text: String) throws(CommandFailure) -> ViewportSize {
        let sides = text.split(separator: "x").map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1] else {
            throw CommandFailure(
                .usage, "--viewport is \"\(text)\"; a size looks like 1280x720")
        }
        return ViewportSize(width: width, height: height)
    }
}

extension RequestPriority: ExpressibleByArgument {}

/// `name=value` on the command line.
enum MetadataText {
    /// The pairs of a repeated option.
    static func pairs(_ texts: [String]) throws(CommandFailure) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw CommandFailure(
                    .usage, "--metadata is \"\(text)\"; it looks like name=value")
            }
            pairs[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return pairs
    }
}
