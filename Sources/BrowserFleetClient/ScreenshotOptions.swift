// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a screenshot shows and how it is written.
public struct ScreenshotOptions: Hashable, Sendable {
    /// Encodings.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// Lossless.
        case png
        /// Lossy, with a quality.
        case jpeg
        /// Lossy, with a quality.
        case webp
    }

    /// Which page.
    public var page: PageChoice
    /// The encoding; the server's default if absent.
    public var format: Format?
    /// 0 to 100, not for PNG; the server's default if absent.
    public var quality: Int?
    /// The whole document instead of what is in view.
    public var fullPage: Bool

    /// Creates options.
    public init(
        page: PageChoice = .current, format: Format? = nil, quality: Int? = nil,
        fullPage: Bool = false
    ) {
        self.page = page
        self.format = format
        self.quality = quality
        self.fullPage = fullPage
    }

    var query: [URLQueryItem] {
        var items = page.query
        if let format { items.append(URLQueryItem(name: "format", value: format.rawValue)) }
        if let quality { items.append(URLQueryItem(name: "quality", value: String(quality))) }
        if fullPage { items.append(URLQueryItem(name: "fullPage", value: "true")) }
        return items
    }
}
