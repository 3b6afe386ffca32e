// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

extension FleetService {
    /// The query that says which page.
    static var pageQuery: [FieldRule] {
        [
            FieldRule("url", .text(longest: 8192), "Load this in a page of its own."),
            FieldRule("targetId", .text(longest: 64), "The page with this CDP target ID."),
        ]
    }

    /// The query of `GET /browsers/:id/screenshot`.
    static var screenshotQuery: [FieldRule] {
        pageQuery + [
            FieldRule(
                "format", .choice(ScreenshotRequest.Format.allCases.map(\.rawValue)),
                "Encoding; png if absent."),
            FieldRule("quality", .integer(0...100), "Quality; not for png."),
            FieldRule("fullPage", .boolean, "The whole document instead of the viewport."),
        ]
    }

    /// `GET /browsers/:id/screenshot`.
    func screenshot(_ call: Call) async throws(Problem) -> Response {
        let format =
            call.query["format"]?.string.flatMap(ScreenshotRequest.Format.init) ?? .png
        let quality = call.query["quality"]?.wholeNumber.map { Int($0) }
        guard format != .png || quality == nil else {
            throw Problem(.invalidValue, "'quality': png has none; choose format=jpeg or webp.")
        }
        let request = ScreenshotRequest(
            source: try Self.source(call), format: format,
            quality: format == .png ? nil : quality ?? configuration.screenshotQuality,
            fullPage: call.query["fullPage"]?.boolean ?? false)
        return try await render(call) { try await $0.screenshot(request) }
    }

    /// `GET /browsers/:id/pdf`.
    func pdf(_ call: Call) async throws(Problem) -> Response {
        let source = try Self.source(call)
        return try await render(call) { try await $0.pdf(source) }
    }

    /// `GET /browsers/:id/content`.
    func content(_ call: Call) async throws(Problem) -> Response {
        let source = try Self.source(call)
        return try await render(call) { try await $0.content(source) }
    }

    private func render(
        _ call: Call, _ body: (Launcher.Browser) async throws -> RenderedPage
    ) async throws(Problem) -> Response {
        let lease = try lease(call.values["id"] ?? "", for: call.caller)
        pool.use(lease.id)
        rendering.add(1, ordering: .relaxed)
        let began = pool.clock.now
        defer {
            rendering.subtract(1, ordering: .relaxed)
            let duration = began.duration(to: pool.clock.now)
            metrics.screenshots.recordNanoseconds(duration.wholeNanoseconds)
        }
        do {
            let page = try await body(lease.browser)
            return .bytes(ByteBuffer(bytes: page.bytes), contentType: page.contentType)
        } catch let error as RenderingError {
            var problem = Problem(error)
            if error.code == .noSuchPage, call.query["targetId"] != nil {
                problem.detail = "'targetId': \(problem.detail)"
            }
            throw problem
        } catch {
            logger.error("rendering failed", metadata: ["error": "\(error)"])
            throw Problem(.renderingRefused, "The page could not be rendered.")
        }
    }

    private static func source(_ call: Call) throws(Problem) -> PageSource {
        switch (call.query["url"]?.string, call.query["targetId"]?.string) {
        case (nil, nil): return .current
        case (nil, let target?): return .target(target)
        case (let url?, nil):
            let scheme = url.prefix { $0 != ":" }.lowercased()
            guard ["http", "https", "about", "data"].contains(scheme), scheme.count < url.count
            else {
                throw Problem(
                    .invalidValue, "'url': must begin with http:, https:, about: or data:.")
            }
            return .url(url)
        case (.some, .some):
            throw Problem(.invalidValue, "'targetId': give either url or targetId.")
        }
    }
}
