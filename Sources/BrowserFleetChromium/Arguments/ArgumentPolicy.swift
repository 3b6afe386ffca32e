// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetRuntime

/// Which switches a client may add to a browser's command line.
///
/// An allow-list: a switch that is not named here, or whose value does not fit its pattern, is
/// refused. Chromium has over a thousand switches; among them are some that run programs, read
/// files or open ports, and new ones come with every release.
public struct ArgumentPolicy: Sendable {
    /// The most switches of one request.
    public static let maximumCount = 50
    /// The most bytes of one switch.
    public static let maximumLength = 512

    let switches: [String: ValuePattern]

    /// The list that every server uses.
    public static let standard = ArgumentPolicy(switches: AllowedSwitches.all)

    /// Names of the switches, sorted.
    public var names: [String] { switches.keys.sorted() }

    /// Checks the arguments of one request.
    ///
    /// - Throws: ``LaunchError`` with code `invalid-argument` that names the first one refused and
    ///   says what may be used instead.
    public func check(_ arguments: [String]) throws(LaunchError) {
        guard arguments.count <= Self.maximumCount else {
            throw refusal(
                "\(arguments.count) switches are too many.",
                "Send at most \(Self.maximumCount).")
        }
        for argument in arguments { try check(argument) }
    }

    private func check(_ argument: String) throws(LaunchError) {
        guard argument.utf8.count <= Self.maximumLength else {
            throw refusal(
                "A switch of \(argument.utf8.count) bytes is too long.",
                "Send at most \(Self.maximumLength) bytes.")
        }
        // Printable ASCII without spaces: nothing that a shell, a log or Chromium's own trimming
        // could read in another way.
        guard argument.hasPrefix("--"), argument.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw refusal(
                "\(Printable.quote(argument)) is not a switch.",
                "Write --name or --name=value in printable ASCII.")
        }
        let body = argument.dropFirst(2)
        let equals = body.firstIndex(of: "=")
        let name = String(body[..<(equals ?? body.endIndex)])
        guard let pattern = switches[name] else {
            throw refusal("--\(name) is not allowed.", Self.instead(of: name))
        }
        let value = equals.map { body[body.index(after: $0)...] }
        guard pattern.accepts(value) else {
            throw refusal(
                "--\(name) \(pattern.explanation).",
                "Correct the value or leave the switch out.")
        }
    }

    private func refusal(_ message: String, _ remedy: String) -> LaunchError {
        LaunchError(.invalidArgument, message, remedy: remedy)
    }

    /// What to use in place of a switch that people often send.
    private static func instead(of name: String) -> String {
        switch name {
        case "user-agent": "Use the field userAgent."
        case "proxy-server", "proxy-bypass-list", "proxy-pac-url", "no-proxy-server",
            "host-resolver-rules", "proxy-auto-detect":
            "Use the field proxy."
        case "headless": "Use the field headful: it is false unless set."
        case "timezone", "time-zone-for-testing": "Use the field timezone."
        case "remote-debugging-port", "remote-debugging-address", "remote-debugging-pipe",
            "remote-allow-origins":
            "Connect to the wss URL that the create call answers."
        case "user-data-dir", "profile-directory", "disk-cache-dir":
            "Every browser has a fresh profile of its own."
        case "no-sandbox", "disable-setuid-sandbox", "disable-web-security":
            "The sandbox and web security stay on; leave the switch out."
        default: "Leave it out; GET /openapi.json lists the switches that are allowed."
        }
    }
}

/// Text of others, made fit for an error message.
enum Printable {
    /// In quotes, control characters and non-ASCII as escapes, at most 80 characters.
    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars.prefix(80) { quoted += scalar.escaped(asASCII: true) }
        return quoted + (text.unicodeScalars.count > 80 ? "...\"" : "\"")
    }
}
