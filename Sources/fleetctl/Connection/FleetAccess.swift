// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetClient
import Foundation

/// Which fleet a command talks to, and with which key.
struct FleetAccess: Equatable, Sendable {
    /// Where it answers.
    var url: URL
    /// The key, if one was found.
    var apiKey: String?

    /// Where a server answers if nobody says anything.
    static let standardURL = "http://127.0.0.1:3000"

    /// Finds the fleet: option or `FLEET_URL`, then the configuration file, then the server on
    /// this machine. A key goes only to the address it stands beside.
    static func find(
        option: String?, environment: [String: String], files: FleetAccessFiles
    ) throws(CommandFailure) -> FleetAccess {
        let configured = try files.address(files.configuration)
        let local = try files.address(files.local)
        let text =
            option ?? nonEmpty(environment["FLEET_URL"]) ?? configured?.url ?? local?.url
            ?? standardURL
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(),
            scheme == "http" || scheme == "https", url.host() != nil
        else {
            throw CommandFailure(
                .usage, "\"\(text)\" is not a URL of a fleet; it looks like \(standardURL)")
        }
        let given = try key(in: environment, files)
        let beside = [configured, local].compactMap { $0 }.first { address in
            same(address.url ?? text, text)
        }
        let kept = beside.flatMap { address in
            address.apiKey ?? address.apiKeyFile.flatMap(files.text)?.trimmingSpaces
        }
        return FleetAccess(url: url, apiKey: given ?? kept)
    }

    /// A client for it.
    func client() -> FleetClient { FleetClient(url: url, apiKey: apiKey) }

    private static func key(
        in environment: [String: String], _ files: FleetAccessFiles
    ) throws(CommandFailure) -> String? {
        if let key = nonEmpty(environment["FLEET_API_KEY"]) { return key }
        guard let path = nonEmpty(environment["FLEET_API_KEY_FILE"]) else { return nil }
        guard let text = files.text(path) else {
            throw CommandFailure(.usage, "FLEET_API_KEY_FILE names \(path), which cannot be read")
        }
        return text.trimmingSpaces
    }

    private static func nonEmpty(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        func plain(_ text: String) -> String {
            let lower = text.lowercased().replacing("//localhost", with: "//127.0.0.1")
            return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
        }
        return plain(left) == plain(right)
    }
}

/// The files in which a fleet may be named.
struct FleetAccessFiles: Sendable {
    /// The user's own file.
    var configuration: String
    /// The file of the server on this machine.
    var local: String
    /// Reads a file; `nil` if it cannot be read.
    var text: @Sendable (String) -> String?

    /// The files of this user.
    static func standard(_ environment: [String: String]) -> FleetAccessFiles {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let base = environment["XDG_CONFIG_HOME"] ?? home + "/.config"
        let folder = DataDirectory(named: environment["DATA_DIR"])
        return FleetAccessFiles(
            configuration: base + "/fleetctl.yaml", local: folder.addressFile,
            text: { path in
                FileManager.default.contents(atPath: path)
                    .map { String(decoding: $0, as: UTF8.self) }
            })
    }

    func address(_ path: String) throws(CommandFailure) -> ServerAddress? {
        try text(path).map { text throws(CommandFailure) in
            try ServerAddress.parse(text, path: path)
        }
    }
}

/// `--url` of every command that talks to a fleet.
struct FleetOptions: ParsableArguments {
    @Option(help: "The fleet's URL (or FLEET_URL; default: the server on this machine).")
    var url: String?

    /// A client of the fleet that is meant.
    func client() throws -> FleetClient { try access().client() }

    /// The fleet that is meant.
    func access() throws(CommandFailure) -> FleetAccess {
        let environment = ProcessInfo.processInfo.environment
        return try FleetAccess.find(
            option: url, environment: environment, files: .standard(environment))
    }
}
