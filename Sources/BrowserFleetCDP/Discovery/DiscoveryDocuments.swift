// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The documents that DevTools clients ask for before they open a socket, with our URLs in them.
///
/// Chromium serves them on its debugging port. There is none here, so they are made from answers
/// over the pipe, with the member names Chromium uses.
public struct DiscoveryDocuments: Equatable, Sendable {
    /// The socket of the whole browser, token included, ready to be dialled.
    public let browserSocketURL: String
    /// What stands in front of a target's name in the URL of that target's socket.
    public let targetSocketPrefix: String
    /// What stands behind it, such as `?token=…`; may be empty.
    public let targetSocketSuffix: String

    /// Makes the documents of one browser. Every URL begins with `ws://` or `wss://`.
    public init(browserSocketURL: String, targetSocketPrefix: String, targetSocketSuffix: String) {
        self.browserSocketURL = browserSocketURL
        self.targetSocketPrefix = targetSocketPrefix
        self.targetSocketSuffix = targetSocketSuffix
    }

    /// `/json/version`, from the result of `Browser.getVersion`.
    public func version(_ browserVersion: JSONValue) -> JSONValue {
        let agent = browserVersion["userAgent"]?.stringValue ?? ""
        let revision = browserVersion["revision"]?.stringValue ?? ""
        return [
            "Browser": .string(browserVersion["product"]?.stringValue ?? ""),
            "Protocol-Version": .string(browserVersion["protocolVersion"]?.stringValue ?? ""),
            "User-Agent": .string(agent),
            "V8-Version": .string(browserVersion["jsVersion"]?.stringValue ?? ""),
            "WebKit-Version": .string("\(Self.webKitVersion(in: agent)) (\(revision))"),
            "webSocketDebuggerUrl": .string(browserSocketURL),
        ]
    }

    /// `/json/list` and `/json`, from the result of `Target.getTargets`.
    public func list(_ targets: JSONValue) -> JSONValue {
        .array((targets["targetInfos"]?.arrayValue ?? []).compactMap(entry))
    }

    /// `/json/protocol`, from the results of `Browser.getVersion` and, on a page, of
    /// `Schema.getDomains`.
    ///
    /// Chromium has the full description in a file that the pipe does not reach; this says which
    /// domains there are, which is what can be known of the browser at hand.
    public func protocolDescription(_ browserVersion: JSONValue, domains: JSONValue) -> JSONValue {
        let version = browserVersion["protocolVersion"]?.stringValue ?? "1.3"
        let parts = version.split(separator: ".", maxSplits: 1).map(String.init)
        let names = (domains["domains"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        return [
            "version": [
                "major": .string(parts.first ?? "1"),
                "minor": .string(parts.count > 1 ? parts[1] : "0"),
            ],
            "domains": .array(
                names.map { ["domain": .string($0), "types": [], "commands": [], "events": []] }),
        ]
    }

    /// The URL of the socket of one target.
    public func socketURL(ofTarget target: String) -> String {
        targetSocketPrefix + target + targetSocketSuffix
    }

    private func entry(_ info: JSONValue) -> JSONValue? {
        guard let target = info["targetId"]?.stringValue, let type = info["type"]?.stringValue,
            type != "browser", type != "tab"
        else { return nil }
        var members: [JSONValue.Member] = [
            .init("description", ""),
            .init("devtoolsFrontendUrl", .string(frontendURL(ofTarget: target))),
            .init("id", .string(target)),
            .init("title", info["title"] ?? ""),
            .init("type", .string(type)),
            .init("url", info["url"] ?? ""),
            .init("webSocketDebuggerUrl", .string(socketURL(ofTarget: target))),
        ]
        if let parent = info["parentFrameId"] ?? info["parentId"] {
            members.append(.init("parentId", parent))
        }
        return .object(members)
    }

    /// The DevTools page that Chromium itself would serve, on that target's socket: `ws=` or
    /// `wss=` and the socket's address without its scheme.
    private func frontendURL(ofTarget target: String) -> String {
        let socket = socketURL(ofTarget: target)
        let parts = socket.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let scheme = parts.first?.dropLast() else { return "" }
        return "/devtools/inspector.html?\(scheme)=\(Self.queryValue(parts[2]))"
    }

    /// Escapes what would end or change a value in a query.
    private static func queryValue(_ text: Substring) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "%26"
            case "#": escaped += "%23"
            case "+": escaped += "%2B"
            case "%": escaped += "%25"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    private static func webKitVersion(in agent: String) -> String {
        let product = agent.split(separator: " ").first { $0.hasPrefix("AppleWebKit/") }
        return product.map { String($0.dropFirst("AppleWebKit/".count)) } ?? "537.36"
    }
}
