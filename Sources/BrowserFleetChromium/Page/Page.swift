// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCDP
public import BrowserFleetRuntime

/// One page of a browser, for programs that embed the pool: enough to load, look and ask.
/// Everything else is a DevTools client's work.
///
/// Every call ends: with an answer, or with a ``RenderingError`` by its deadline.
public struct Page: Sendable {
    private let session: PageSession
    private let timeout: Duration

    init(_ session: PageSession, timeout: Duration) {
        self.session = session
        self.timeout = timeout
    }

    /// The page's CDP target ID.
    public var targetID: String { session.targetID }

    /// Loads a URL and returns when its load event is over.
    ///
    /// - Parameters:
    ///   - url: an absolute URL.
    ///   - timeout: how long it may take; nil is the configuration's navigation timeout.
    /// - Throws: ``RenderingError``, `navigation-failed` with Chromium's word for it.
    public func navigate(
        to url: String, timeout: Duration? = nil
    ) async throws(RenderingError) {
        try await session.navigate(to: url, until: Deadline(in: timeout ?? self.timeout))
    }

    /// The document's title.
    public func title() async throws(RenderingError) -> String {
        try await evaluate("document.title").stringValue ?? ""
    }

    /// Runs a script in the page and answers its value as JSON; promises are awaited.
    ///
    /// - Throws: ``RenderingError`` with code `refused` and the page's own words when it throws.
    @discardableResult
    public func evaluate(_ expression: String) async throws(RenderingError) -> JSONValue {
        try await session.evaluate(expression, until: Deadline(in: timeout))
    }

    /// The serialised document.
    public func content() async throws(RenderingError) -> String {
        try await session.content(until: Deadline(in: timeout))
    }

    /// A picture of the page.
    ///
    /// - Parameters:
    ///   - format: the encoding.
    ///   - quality: 0 to 100; not for PNG.
    ///   - fullPage: the whole document instead of what the window shows.
    /// - Returns: the encoded picture.
    /// - Throws: ``RenderingError``.
    public func screenshot(
        format: ScreenshotRequest.Format = .png, quality: Int? = nil, fullPage: Bool = false
    ) async throws(RenderingError) -> [UInt8] {
        try await session.screenshot(
            format: format, quality: quality, fullPage: fullPage, until: Deadline(in: timeout))
    }

    /// The page as PDF.
    public func pdf() async throws(RenderingError) -> [UInt8] {
        try await session.pdf(until: Deadline(in: timeout))
    }

    /// Closes the page. Harmless when it is closed already.
    public func close() async {
        await session.close()
    }
}

extension ChromiumBrowser {
    /// Opens a page of its own window; it stays until it is closed or the browser ends.
    public func newPage() async throws(RenderingError) -> Page {
        let timeout = launcher.configuration.navigationTimeout
        return Page(
            try await PageSession.open(
                devTools, newWindow: isHeadful, viewport: viewport, until: Deadline(in: timeout)),
            timeout: timeout)
    }
}
