// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The body of `POST /browsers`, and the query of `/connect`. Every field may be absent.
public struct CreateBrowserRequest: Hashable, Sendable, Codable {
    /// Whether the browser has a (virtual) screen; default false.
    public var headful: Bool?
    /// The upstream proxy of everything the browser loads.
    public var proxy: ProxyChoice?
    /// `low`, `normal` or `high`; the key may cap it.
    public var priority: RequestPriority?
    /// `/connect` only: how long the browser outlives its last client, in milliseconds.
    public var keepAliveMs: Int64?
    /// How long without CDP traffic and viewers, in milliseconds; the operator caps it.
    public var idleTimeoutMs: Int64?
    /// The most time from grant to end, in milliseconds; the operator caps it.
    public var maxLifetimeMs: Int64?
    /// How long to wait for a free browser, in milliseconds; the operator caps it. 0 does not wait.
    public var queueTimeoutMs: Int64?
    /// The size of new pages.
    public var viewport: ViewportSize?
    /// The `User-Agent` to present.
    public var userAgent: String?
    /// The locale, such as `de-DE`.
    public var locale: String?
    /// The time zone, such as `Europe/Berlin`.
    public var timezone: String?
    /// Further switches of the browser, of those on the allow-list.
    public var args: [String]?
    /// The caller's own words about the browser; shown and filtered by, never read.
    public var metadata: [String: String]?
    /// Asks a fleet for the server that this key is bound to; one server ignores it.
    public var affinityKey: String?
    /// Asks a fleet for a server of this region; one server ignores it.
    public var region: String?
    /// Asks a fleet for a server with these labels; one server ignores them.
    public var labels: [String: String]?

    /// Creates a request that chooses nothing.
    public init() {}
}

/// Classes of service in the wait queue.
public enum RequestPriority: String, Hashable, Sendable, Codable, CaseIterable {
    /// Served when nobody else waits.
    case low
    /// The usual class.
    case normal
    /// Served before all others.
    case high
}

/// A page size in CSS pixels.
public struct ViewportSize: Hashable, Sendable, Codable {
    /// Width in CSS pixels.
    public var width: Int
    /// Height in CSS pixels.
    public var height: Int

    /// Creates a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// An upstream proxy, as a URL or by its parts. Descriptions and dumps leave the secrets out.
public struct ProxyChoice: Hashable, Sendable, Codable, CustomStringConvertible, CustomReflectable {
    /// `http://host:port`, `https://host:port` or `socks5://host:port`; may hold user and password.
    public var server: String
    /// The user, unless the URL has one.
    public var username: String?
    /// The password, unless the URL has one.
    public var password: String?
    /// Hosts that are dialled without the proxy, joined by commas.
    public var bypass: String?

    /// Creates a choice.
    public init(
        server: String, username: String? = nil, password: String? = nil, bypass: String? = nil
    ) {
        self.server = server
        self.username = username
        self.password = password
        self.bypass = bypass
    }

    private enum CodingKeys: String, CodingKey {
        case server, username, password, bypass
    }

    /// Reads either form.
    public init(from decoder: any Decoder) throws {
        if let url = try? decoder.singleValueContainer().decode(String.self) {
            self.init(server: url)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            server: try container.decode(String.self, forKey: .server),
            username: try container.decodeIfPresent(String.self, forKey: .username),
            password: try container.decodeIfPresent(String.self, forKey: .password),
            bypass: try container.decodeIfPresent(String.self, forKey: .bypass))
    }

    /// Says that there is one, and no more.
    public var description: String { "a proxy" }

    /// Mirrors nothing, so that dumps leak nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
