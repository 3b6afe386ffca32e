// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Foundation
import Logging

/// What a server says to the person who started it: where it answers, and what to paste next.
struct Greeting {
    /// Where it answers.
    var url: String
    /// The key that this first start made; told once.
    var firstKey: String?
    /// Where its files are.
    var folder: DataDirectory
    /// What it is made of.
    var plan: ServerPlan
    /// Where that came from.
    var settings: SettingsInForce
    /// What browsers it has.
    var engine: EngineDescription

    /// The URL for clients on this machine, or the outside one if there is one.
    static func url(of http: HTTPConfiguration, port: Int) -> String {
        if let url = http.publicURL { return url }
        let isEverywhere = ["0.0.0.0", "::", "*"].contains(http.host)
        let host = isEverywhere ? "127.0.0.1" : http.host
        let scheme = http.tls == nil ? "http" : "https"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Prints it.
    func say() { Data.toStandardOutput(text) }

    /// Says the same to the log, without what only a person at a terminal may see.
    func log(to logger: Logger) {
        let age = engine.ageInDays(at: Timestamp.now.millisecondsSince1970)
        logger.notice(
            "serving",
            metadata: [
                "url": "\(url)", "version": "\(Version.number)", "capacity": "\(capacity)",
                "chromium": "\(engine.version)", "chromiumAgeDays": "\(age.map { "\($0)" } ?? "?")",
                "isolation": "\(engine.isolation.rawValue)",
                "sandbox": "\(engine.sandbox ? "on" : "off")", "keys": "\(keySource)",
                "serverId": "\(plan.http.serverID)",
            ])
        if engine.isOld(at: Timestamp.now.millisecondsSince1970) {
            logger.warning(
                "\(engine.version) is more than \(EngineDescription.oldAfterDays) days old and lacks later security fixes: apt-get update && apt-get install --only-upgrade chromium chromium-headless-shell"
            )
        }
    }

    /// The whole text.
    var text: String {
        """

        BrowserFleet \(Version.number) answers at \(url)
        \(capacity)
        \(engine.version)\(age), isolation \(engine.isolation.rawValue), \
        sandbox \(engine.sandbox ? "on" : "off")

        \(keyLine)

          export FLEET_URL=\(url) FLEET_API_KEY=\(keyWord)

        Then, in that shell, a browser by curl, by Playwright for Python, or by fleetctl:

          curl -X POST -H "X-API-Key: $FLEET_API_KEY" $FLEET_URL/browsers
          \(playwright)
          \(program) browsers create

        Ctrl-C ends it.

        """
    }

    private var capacity: String {
        if plan.fleet.driver.role == .gateway { return "a gateway, with no browsers of its own" }
        let origin = settings.entries[.maxBrowsers]?.origin.description ?? "default"
        return "up to \(plan.pool.maxBrowsers) browsers (\(origin)), "
            + "\(plan.pool.warmHeadless + plan.pool.warmHeadful) kept warm"
    }

    private var age: String {
        engine.ageInDays(at: Timestamp.now.millisecondsSince1970).map { " (built \($0) days ago)" }
            ?? ""
    }

    private var keySource: String {
        if plan.http.isInsecure { return "none needed" }
        if firstKey != nil { return "a new one in \(folder.localKeyFile)" }
        return hasLocalKey ? folder.localKeyFile : "those of the operator"
    }

    private var keyLine: String {
        if let firstKey { return "Your API key, shown this once: \(firstKey)" }
        if hasLocalKey { return "Your API key is in \(folder.localKeyFile)" }
        return "Use one of your API keys (fleetctl keys create NAME makes one):"
    }

    private var keyWord: String {
        if let firstKey { return firstKey }
        return hasLocalKey ? "$(cat \(folder.localKeyFile))" : "…"
    }

    private var hasLocalKey: Bool {
        FileManager.default.fileExists(atPath: folder.localKeyFile)
    }

    private var playwright: String {
        #"python3 -c 'import os; from playwright.sync_api import sync_playwright as p; "#
            + #"b = p().start().chromium.connect_over_cdp(os.environ["FLEET_URL"].replace("http", "ws", 1) "#
            + #"+ "/connect", headers={"X-API-Key": os.environ["FLEET_API_KEY"]}); "#
            + #"print(b.new_page().evaluate("navigator.userAgent"))'"#
    }

    // As it was called, so that the line can be pasted.
    private var program: String { CommandLine.arguments.first ?? "fleetctl" }
}
