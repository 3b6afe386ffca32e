// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What can only be chosen before a browser starts, and so decides which warm browser matches.
public struct LaunchProperties: Hashable, Sendable {
    /// Whether the browser has a (virtual) screen.
    public var headful: Bool
    /// The `User-Agent` to present instead of the browser's own.
    public var userAgent: String?
    /// The interface and `Accept-Language` locale, such as `de-DE`.
    public var locale: String?
    /// The time zone, such as `Europe/Berlin`.
    public var timezone: String?
    /// Further switches, already checked against the allow-list, in the client's order.
    public var arguments: [String]

    /// Creates properties; without arguments those of an ordinary headless browser.
    public init(
        headful: Bool = false, userAgent: String? = nil, locale: String? = nil,
        timezone: String? = nil, arguments: [String] = []
    ) {
        self.headful = headful
        self.userAgent = userAgent
        self.locale = locale
        self.timezone = timezone
        self.arguments = arguments
    }

    /// An ordinary browser without a screen; what `WARM_BROWSERS` keeps ready.
    public static let headless = LaunchProperties()
    /// An ordinary browser with a screen; what `WARM_HEADFUL` keeps ready.
    public static let headful = LaunchProperties(headful: true)

    /// Whether these are properties that nobody chose.
    package var isPlain: Bool {
        userAgent == nil && locale == nil && timezone == nil && arguments.isEmpty
    }
}
