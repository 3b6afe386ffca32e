// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a key gets no browser now, though the server might have one.
public struct KeyRefusal: Hashable, Sendable {
    /// Which limit was met.
    public enum Reason: Hashable, Sendable {
        /// The key has as many browsers as it may; deleting one makes room.
        case concurrentBrowsers(limit: Int)
        /// The key made as many creates in the last minute as it may.
        case createsPerMinute(limit: Int)

        /// The word used in the API, metrics and events.
        public var word: String {
            switch self {
            case .concurrentBrowsers: "key-limit"
            case .createsPerMinute: "rate-limited"
            }
        }
    }

    /// Which limit was met.
    public let reason: Reason

    /// Whether it is the rate that was met.
    var isByRate: Bool {
        if case .createsPerMinute = reason { true } else { false }
    }

    /// After which time the next create is admitted, if the key makes none until then.
    ///
    /// `nil` where time alone does not help: a browser of the key has to end first, or the limit
    /// is zero.
    public let retryAfter: Duration?
}

extension KeyRefusal: CustomStringConvertible {
    /// What is wrong and how to mend it, in one line for people.
    public var description: String {
        switch reason {
        case .concurrentBrowsers(limit: 0), .createsPerMinute(limit: 0):
            "this key may not create browsers; use another, or raise its limits"
        case .concurrentBrowsers(let limit):
            "this key may have \(limit) \(limit == 1 ? "browser" : "browsers") at once and has "
                + "them; delete one first"
        case .createsPerMinute(let limit):
            "this key may create \(limit) \(limit == 1 ? "browser" : "browsers") a minute; "
                + "wait, and reuse a browser where you can"
        }
    }
}
