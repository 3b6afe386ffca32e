// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetDevTools
public import BrowserFleetRuntime

extension ChromiumBrowser: PageRendering {
    /// A picture of a page.
    ///
    /// - Throws: ``RenderingError``.
    public func screenshot(_ request: ScreenshotRequest) async throws -> RenderedPage {
        let bytes = try await with(request.source) { session, deadline in
            try await session.screenshot(
                format: request.format, quality: request.quality, fullPage: request.fullPage,
                until: deadline)
        }
        return RenderedPage(bytes: bytes, contentType: "image/\(request.format.rawValue)")
    }

    /// A page as PDF.
    ///
    /// - Throws: ``RenderingError``.
    public func pdf(_ source: PageSource) async throws -> RenderedPage {
        let bytes = try await with(source) { session, deadline in
            try await session.pdf(until: deadline)
        }
        return RenderedPage(bytes: bytes, contentType: "application/pdf")
    }

    /// The page's serialised document.
    ///
    /// - Throws: ``RenderingError``.
    public func content(_ source: PageSource) async throws -> RenderedPage {
        let text = try await with(source) { session, deadline in
            try await session.content(until: deadline)
        }
        return RenderedPage(bytes: Array(text.utf8), contentType: "text/html; charset=utf-8")
    }

    /// Runs `task` on the page that `source` names, and leaves the browser as it was.
    private func with<Answer>(
        _ source: PageSource, _ task: (PageSession, Deadline) async throws -> Answer
    ) async throws -> Answer {
        let deadline = Deadline(in: launcher.configuration.navigationTimeout)
        switch source {
        case .url(let url):
            return try await withOwnPage(url, deadline, task)
        case .target(let id):
            return try await withPage(id, deadline, task)
        case .current:
            return try await withPage(currentPage(until: deadline), deadline, task)
        }
    }

    private func withOwnPage<Answer>(
        _ url: String, _ deadline: Deadline,
        _ task: (PageSession, Deadline) async throws -> Answer
    ) async throws -> Answer {
        let session = try await PageSession.open(
            devTools, newWindow: isHeadful, viewport: viewport, until: deadline)
        do {
            try await session.navigate(to: url, until: deadline)
            let answer = try await task(session, deadline)
            await session.close()
            return answer
        } catch {
            await session.close()
            throw error
        }
    }

    private func withPage<Answer>(
        _ id: String, _ deadline: Deadline, _ task: (PageSession, Deadline) async throws -> Answer
    ) async throws -> Answer {
        let session = try await PageSession.attach(to: id, devTools, until: deadline)
        do {
            // A tab in the background is not drawn; without a screen every page is.
            if isHeadful { try await session.call("Page.bringToFront", until: deadline) }
            let answer = try await task(session, deadline)
            await session.detach()
            return answer
        } catch {
            await session.detach()
            throw error
        }
    }

    /// The page that a client last attached to or navigated, else the first there is.
    private func currentPage(until deadline: Deadline) async throws(RenderingError) -> String {
        if let last = devTools.lastPage { return last }
        let devTools = devTools
        let answer = try await RenderingError.translating {
            try await devTools.call("Target.getTargets", timeout: deadline.left)
        }
        let pages = answer["targetInfos"]?.arrayValue?.filter { $0["type"]?.stringValue == "page" }
        guard let id = pages?.first?["targetId"]?.stringValue else {
            throw RenderingError(.noSuchPage, "The browser has no page.")
        }
        return id
    }
}
