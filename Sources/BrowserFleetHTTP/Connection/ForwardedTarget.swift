// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Which browser a request is about, by its target alone.
enum ForwardedTarget {
    private static let prefixes = ["/browsers/", "/devtools/browser/"]

    /// The browser that a target names: `/browsers/:id` and all below it, `/devtools/browser/:id`.
    ///
    /// Reads a path as the routes do, so that what is about a browser here is so there.
    static func browserID(in target: String) -> BrowserID? {
        for prefix in prefixes where target.hasPrefix(prefix) {
            let rest = target.utf8.dropFirst(prefix.utf8.count)
            let segment = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            guard !segment.isEmpty, !segment.contains(UInt8(ascii: "%")) else { break }
            return BrowserID(String(decoding: segment, as: UTF8.self))
        }
        guard target.utf8.contains(UInt8(ascii: "%")) || target.contains("//") else { return nil }
        return unusual(target)
    }

    private static func unusual(_ target: String) -> BrowserID? {
        guard let segments = RequestTarget(target)?.segments else { return nil }
        if segments.count >= 2, segments[0] == "browsers" { return BrowserID(segments[1]) }
        if segments.count >= 3, segments.starts(with: ["devtools", "browser"]) {
            return BrowserID(segments[2])
        }
        return nil
    }
}
