// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Renders pages of a browser without a client of its own: screenshot, PDF, content.
///
/// Every call has a deadline and never sends `Page.enable`, so a client's dialogs neither hang it
/// nor are hung by it.
public protocol PageRendering: Sendable {
    /// A picture of a page.
    func screenshot(_ request: ScreenshotRequest) async throws -> RenderedPage
    /// A page as PDF.
    func pdf(_ source: PageSource) async throws -> RenderedPage
    /// The page's serialised document.
    func content(_ source: PageSource) async throws -> RenderedPage
}

/// Which page to render.
public enum PageSource: Sendable, Equatable {
    /// Load this URL in a page of its own, which is closed afterwards.
    case url(String)
    /// The page with this CDP target ID.
    case target(String)
    /// The page last attached or navigated.
    case current
}

/// A screenshot call.
public struct ScreenshotRequest: Sendable, Equatable {
    /// Picture encodings that CDP offers.
    public enum Format: String, Sendable, CaseIterable {
        /// Lossless.
        case png
        /// Lossy, with a quality.
        case jpeg
        /// Lossy, with a quality.
        case webp
    }

    /// Which page.
    public var source: PageSource
    /// Encoding.
    public var format: Format
    /// 0 to 100; not for PNG.
    public var quality: Int?
    /// The whole document instead of the viewport.
    public var fullPage: Bool

    /// Creates a call.
    public init(
        source: PageSource, format: Format = .png, quality: Int? = nil, fullPage: Bool = false
    ) {
        self.source = source
        self.format = format
        self.quality = quality
        self.fullPage = fullPage
    }
}

/// A rendered page, ready to be an answer's body.
public struct RenderedPage: Sendable, Equatable {
    /// The body.
    public var bytes: [UInt8]
    /// Its MIME type.
    public var contentType: String

    /// Creates a page.
    public init(bytes: [UInt8], contentType: String) {
        self.bytes = bytes
        self.contentType = contentType
    }
}

/// Why a page could not be rendered.
public struct RenderingError: Error, Sendable, Equatable {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The URL did not load; the message has Chromium's `net::` word.
        case navigationFailed = "navigation-failed"
        /// No answer before the deadline.
        case timedOut = "navigation-timeout"
        /// There is no such page, or no page at all.
        case noSuchPage = "no-such-page"
        /// The browser ended meanwhile.
        case browserGone = "browser-gone"
        /// The browser refused the command.
        case refused = "rendering-refused"
    }

    /// The kind of failure.
    public var code: Code
    /// One sentence for the caller.
    public var message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
