// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// One caller's possession of one browser.
public struct Lease<Browser: LaunchedBrowser>: Sendable {
    /// What is known of it; a copy of the moment.
    public let record: BrowserRecord
    /// The browser.
    public let browser: Browser

    /// The browser's public name.
    public var id: BrowserID { record.id }
}
