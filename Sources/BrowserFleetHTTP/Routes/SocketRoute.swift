// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP

/// The paths that are WebSockets.
enum SocketRoute: Equatable, Sendable {
    /// One browser's sockets: `/browsers/:id`, `/devtools/browser/:id`,
    /// `/browsers/:id/devtools/browser/…`, `/browsers/:id/devtools/page/:targetId`.
    case browser(String, ClientRoot)
    /// `/devtools/page/:targetId`, as tools dial that keep only host and port of an URL.
    case page(String)
    /// `/connect`.
    case connect

    /// The socket at a path; `nil` if it is none.
    init?(_ target: RequestTarget) {
        switch target.segments.count {
        case 1 where target.segments == ["connect"]: self = .connect
        case 2 where target.segments[0] == "browsers":
            self = .browser(target.segments[1], .browser)
        case 3 where target.segments.starts(with: ["devtools", "browser"]):
            self = .browser(target.segments[2], .browser)
        case 3 where target.segments.starts(with: ["devtools", "page"]):
            self = .page(target.segments[2])
        case 4...5 where Self.isBelowBrowser(target.segments):
            guard let route = Self.below(target.segments) else { return nil }
            self = route
        default: return nil
        }
    }

    private static func isBelowBrowser(_ segments: [String]) -> Bool {
        segments[0] == "browsers" && segments[2] == "devtools"
    }

    private static func below(_ segments: [String]) -> SocketRoute? {
        switch (segments[3], segments.count) {
        case ("browser", _): .browser(segments[1], .browser)
        case ("page", 5): .browser(segments[1], .target(segments[4]))
        default: nil
        }
    }
}
