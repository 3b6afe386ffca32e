// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// A PDF service: POST a page as HTML to /pdf, and get it as PDF.
//
//   swift run --package-path Examples EmbeddedPool 8080
//   curl --data-binary @page.html http://127.0.0.1:8080/pdf --output page.pdf

import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetRuntime
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle

let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8080
let logger = Logger(label: "pdf")

// Two browsers are always ready; each renders one page and is destroyed.
let pool = BrowserPool(
    configuration: .init(maxBrowsers: 4, warm: 2), launcher: ChromiumLauncher(), logger: logger)

let router = Router()

router.get("/ready") { _, _ in
    pool.unready == nil && pool.snapshot().counts.warm > 0
        ? HTTPResponse.Status.noContent : .serviceUnavailable
}

router.post("/pdf") { request, _ in
    let html = try await request.body.collect(upTo: 1 << 20)
    let address = "data:text/html;base64," + Data(html.readableBytesView).base64EncodedString()
    do {
        let pdf = try await pool.withBrowser { browser in
            let page = try await browser.newPage()
            try await page.navigate(to: address)
            return try await page.pdf()
        }
        return Response(
            status: .ok, headers: [.contentType: "application/pdf"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: pdf)))
    } catch let error as PoolError {
        // Every browser is taken, or the server stops: try again, or elsewhere.
        throw HTTPError(.serviceUnavailable, message: "\(error)")
    }
}

let server = Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
    logger: logger)

// SIGTERM lets requests under way finish; then the browsers end, and nothing of them is left.
let group = ServiceGroup(
    services: [pool, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
try await group.run()
