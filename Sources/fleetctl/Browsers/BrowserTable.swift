// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI

/// Browsers as tables for people.
enum BrowserTable {
    /// One browser, a line for each of its properties.
    static func one(_ browser: BrowserResponse) -> Table {
        var pairs = [
            ("id", browser.id), ("status", browser.status.rawValue),
            ("wss", browser.wss ?? "none"), ("server", browser.server),
            ("start", browser.start.rawValue), ("created", browser.createdAt.description),
            ("expires", browser.expiresAt.description),
            ("connections", String(browser.connections)),
            ("idle", "\(browser.idleMs) ms"), ("bytes in", String(browser.bytesIn)),
            ("bytes out", String(browser.bytesOut)),
        ]
        for (name, value) in browser.metadata.sorted(by: { $0.key < $1.key }) {
            pairs.append(("metadata \(name)", value))
        }
        if let reason = browser.endReason { pairs.append(("end reason", reason)) }
        if let ended = browser.endedAt { pairs.append(("ended", ended.description)) }
        return Table(pairs: pairs)
    }

    /// Many browsers, one line each.
    static func many(_ browsers: [BrowserResponse]) -> Table {
        Table(
            headings: ["ID", "STATUS", "START", "CREATED", "CONNECTIONS", "IDLE", "REASON"],
            rows: browsers.map { browser in
                [
                    browser.id, browser.status.rawValue, browser.start.rawValue,
                    browser.createdAt.description, String(browser.connections),
                    DurationText.describe(.milliseconds(browser.idleMs / 1000 * 1000)),
                    browser.endReason ?? "",
                ]
            })
    }
}
