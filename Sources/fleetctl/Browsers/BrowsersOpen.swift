// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetAPI
import BrowserFleetClient
import Foundation

/// `fleetctl browsers open`.
struct BrowsersOpen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens the DevTools of a browser's page, or prints where to connect.",
        discussion: """
            With a screen and Chromium on this machine its bundled DevTools are started; anywhere \
            else the URL for Puppeteer, Playwright and others is printed.
            """)

    @OptionGroup var fleet: FleetOptions

    @Argument(help: "The browser's ID.")
    var id: String

    func run() async throws {
        let client = try fleet.client()
        let browser = try await client.browser(id)
        guard let wss = browser.wss else {
            throw CommandFailure(
                .notFound, "\(id) has ended: \(browser.endReason ?? "unknown")",
                next: "fleetctl browsers create")
        }
        let pages: [DiscoveredPage] = try await client.call(.get, "browsers/\(id)/json/list")
            .decoded()
        let environment = ProcessInfo.processInfo.environment
        if let frontEnd = pages.lazy.filter({ $0.type == "page" }).compactMap(\.frontEnd).first,
            let program = DevToolsFrontEnd.program(environment)
        {
            try DevToolsFrontEnd.start(program, at: frontEnd)
            Talk.say("opened \(frontEnd)")
        } else {
            Data.toStandardOutput(wss + "\n")
        }
    }
}

/// One entry of `/json/list`, as far as it is needed here.
struct DiscoveredPage: Decodable, Equatable {
    /// `page`, `worker` and others.
    var type: String
    /// Its WebSocket, with a token.
    var webSocketDebuggerUrl: String?

    /// The address of Chromium's bundled DevTools for this page.
    var frontEnd: String? {
        guard let socket = webSocketDebuggerUrl, let scheme = socket.range(of: "://") else {
            return nil
        }
        let name = socket.hasPrefix("wss") ? "wss" : "ws"
        // The front end reads the socket from its query, so the token's own query is escaped.
        let rest = socket[scheme.upperBound...].addingPercentEncoding(
            withAllowedCharacters: .urlHostAllowed)
        return rest.map { "devtools://devtools/bundled/inspector.html?\(name)=\($0)" }
    }
}

/// Chromium on this machine, as a viewer.
enum DevToolsFrontEnd {
    /// The program, if there is one and a screen to show it on.
    static func program(_ environment: [String: String]) -> String? {
        guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else {
            return nil
        }
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let names = ["chromium", "chromium-browser", "google-chrome"]
        return folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }

    /// Starts it and does not wait for its end.
    static func start(_ program: String, at address: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [address]
        try process.run()
    }
}
