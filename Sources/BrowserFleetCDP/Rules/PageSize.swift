// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The size of a page, in pixels of the page.
public struct PageSize: Equatable, Sendable {
    /// Pixels from left to right.
    public var width: Int
    /// Pixels from top to bottom.
    public var height: Int

    /// Makes the size of a page.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
