// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension CreateBrowserRequest {
    /// Milliseconds in a day: no client-chosen time may be longer.
    public static let longestDuration = 86_400_000

    /// What the body and the query may hold.
    public static let fields = FieldTable(
        "a create request",
        [
            FieldRule("headful", .boolean, "With a (virtual) screen."),
            FieldRule(
                "proxy", .textOrObject(longest: 2048, proxyFields),
                "Upstream proxy: a URL, or its parts."),
            FieldRule(
                "priority", .choice(RequestPriority.allCases.map(\.rawValue)),
                "Class of service in the wait queue."),
            duration("keepAliveMs", "How long a /connect browser outlives its last client."),
            duration("idleTimeoutMs", "How long without CDP traffic and viewers."),
            duration("maxLifetimeMs", "The most time from grant to end."),
            duration("queueTimeoutMs", "How long to wait for a free browser."),
            FieldRule("viewport", .object(viewportFields), "Size of new pages in CSS pixels."),
            FieldRule("userAgent", .text(longest: 512), "The User-Agent to present."),
            FieldRule("locale", .text(longest: 35), "Locale, such as de-DE."),
            FieldRule("timezone", .text(longest: 64), "Time zone, such as Europe/Berlin."),
            FieldRule(
                "args", .list(.text(longest: 512), most: 32),
                "Further switches, of those on the allow-list."),
            FieldRule("metadata", .map(most: 32, longest: 512), "The caller's own words."),
            FieldRule("affinityKey", .text(longest: 256), "Sticky key, for a fleet."),
            FieldRule("region", .text(longest: 64), "Wanted region, for a fleet."),
            FieldRule("labels", .map(most: 32, longest: 256), "Wanted labels, for a fleet."),
        ])

    private static let proxyFields = FieldTable(
        "proxy",
        [
            FieldRule(
                "server", .text(longest: 2048), isRequired: true,
                "http://host:port, https://host:port or socks5://host:port."),
            FieldRule("username", .text(longest: 256), "The user."),
            FieldRule("password", .text(longest: 256), "The password."),
            FieldRule(
                "bypass", .text(longest: 2048), "Hosts dialled without the proxy, comma between."),
        ])

    private static let viewportFields = FieldTable(
        "viewport",
        [
            FieldRule("width", .integer(1...10_000), isRequired: true, "CSS pixels."),
            FieldRule("height", .integer(1...10_000), isRequired: true, "CSS pixels."),
        ])

    private static func duration(_ name: String, _ summary: String) -> FieldRule {
        FieldRule(name, .integer(0...longestDuration), "\(summary) Milliseconds.")
    }

    /// Reads a body or query that has been made a tree.
    ///
    /// - Throws: the first field that is wrong, with its path.
    public init(checking tree: JSONTree) throws(FieldFault) {
        try Self.fields.check(tree)
        self.init()
        headful = tree["headful"]?.boolean
        proxy = tree["proxy"].flatMap(ProxyChoice.init(checked:))
        priority = tree["priority"]?.string.flatMap(RequestPriority.init(rawValue:))
        keepAliveMs = tree["keepAliveMs"]?.wholeNumber
        idleTimeoutMs = tree["idleTimeoutMs"]?.wholeNumber
        maxLifetimeMs = tree["maxLifetimeMs"]?.wholeNumber
        queueTimeoutMs = tree["queueTimeoutMs"]?.wholeNumber
        viewport = tree["viewport"].flatMap(ViewportSize.init(checked:))
        userAgent = tree["userAgent"]?.string
        locale = tree["locale"]?.string
        timezone = tree["timezone"]?.string
        args = tree["args"]?.strings
        metadata = tree["metadata"]?.stringMap
        affinityKey = tree["affinityKey"]?.string
        region = tree["region"]?.string
        labels = tree["labels"]?.stringMap
    }
}

extension ProxyChoice {
    fileprivate init?(checked tree: JSONTree) {
        guard let server = tree.string ?? tree["server"]?.string else { return nil }
        self.init(
            server: server, username: tree["username"]?.string,
            password: tree["password"]?.string, bypass: tree["bypass"]?.string)
    }
}

extension ViewportSize {
    fileprivate init?(checked tree: JSONTree) {
        guard let width = tree["width"]?.wholeNumber, let height = tree["height"]?.wholeNumber
        else { return nil }
        self.init(width: Int(width), height: Int(height))
    }
}
