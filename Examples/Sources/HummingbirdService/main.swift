// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// A service with routes of its own, and browsers for its clients, on one port.
//
//   API_KEY=secret swift run --package-path Examples HummingbirdService 8080
//   curl http://127.0.0.1:8080/hello
//   curl -X POST -H 'X-API-Key: secret' http://127.0.0.1:8080/browsers

import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetHTTP
import BrowserFleetRuntime
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle

let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8080
guard let key = ProcessInfo.processInfo.environment["API_KEY"], !key.isEmpty else {
    fatalError("set API_KEY to what clients shall send as X-API-Key")
}
let logger = Logger(label: "service")

let pool = BrowserPool(
    configuration: .init(maxBrowsers: 4, warm: 1), launcher: ChromiumLauncher(), logger: logger)

// Routes of this service. What they do not know is answered by the fleet, and the other way round.
let router = Router()
router.get("/hello") { _, _ in
    "Hello. \(pool.snapshot().counts.leased) browsers are in use.\n"
}

let server = try FleetHTTPServer(
    configuration: HTTPConfiguration(port: port),
    pool: pool,
    keys: KeyRing(path: nil, adminSecrets: [key], now: { pool.clock.now }),
    routes: router.buildResponder(),
    logger: logger)

// The pool comes last, so that it drains first and the server answers until nothing is left.
let group = ServiceGroup(
    services: [server, pool], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
try await group.run()
