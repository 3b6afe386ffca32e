// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import BrowserFleetAPI
import BrowserFleetCore
public import BrowserFleetHTTP
import Foundation

/// `fleetctl keys …`: the keys file of a server on this machine. A running server notices changes.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes, lists and revokes the API keys of this machine.",
        subcommands: [KeysCreate.self, KeysList.self, KeysRevoke.self])
}

/// `--keys-file` of the commands about keys.
struct KeyFileOptions: ParsableArguments {
    @Option(help: "The keys file (or API_KEYS_FILE; default: keys.json in DATA_DIR).")
    var keysFile: String?

    /// Opens the file; it need not exist.
    func ring() throws -> KeyRing {
        let environment = ProcessInfo.processInfo.environment
        let folder = DataDirectory(named: environment["DATA_DIR"])
        let named = keysFile ?? environment["API_KEYS_FILE"]
        if named == nil { try folder.make() }
        return try KeyRing(path: named ?? folder.keysFile, now: { .origin })
    }
}

/// `fleetctl keys create`.
struct KeysCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a key and prints it, once.")

    @OptionGroup var file: KeyFileOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "What you call it.")
    var name: String

    @Option(
        parsing: .upToNextOption,
        help: "What it allows: browsers, jobs, view, admin, metrics (default: browsers view).")
    var scopes: [KeyScope] = [.browsers, .view]

    @Option(help: "Browsers at once (default: no limit).")
    var maxBrowsers: Int?

    @Option(help: "Creates in a minute (default: no limit).")
    var createsPerMinute: Int?

    @Option(help: "The highest priority it may ask for: low, normal or high.")
    var maxPriority: RequestPriority?

    func validate() throws {
        for limit in [maxBrowsers, createsPerMinute].compactMap({ $0 }) where limit < 1 {
            throw ValidationError("a limit must be at least 1")
        }
    }

    func run() throws {
        let limits = KeyLimits(
            concurrentBrowsers: maxBrowsers, createsPerMinute: createsPerMinute,
            priorityCap: maxPriority.map(PriorityClass.init(word:)))
        let new = try file.ring().create(
            name: name, scopes: Set(scopes), limits: limits, createdAt: .now)
        let report = NewKeyReport(key: KeyReport(new.key), secret: new.secret)
        try output.format.print(report) { report in
            Table(pairs: report.key.pairs + [("key", report.secret)])
        }
        Talk.say("keep it: nobody can read it again. Use it as: export FLEET_API_KEY=…")
    }
}

/// `fleetctl keys list`.
struct KeysList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys without what makes them work.")

    @OptionGroup var file: KeyFileOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let keys = try file.ring().keys.map(KeyReport.init)
        try output.format.print(keys) { keys in
            Table(
                headings: [
                    "ID", "NAME", "SCOPES", "BROWSERS", "PER MINUTE", "PRIORITY", "CREATED",
                ],
                rows: keys.map { $0.pairs.map(\.1) })
        }
        if keys.isEmpty { Talk.say("none; make one with: fleetctl keys create NAME") }
    }
}

/// `fleetctl keys revoke`.
struct KeysRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Removes a key; a running server refuses it at once.")

    @OptionGroup var file: KeyFileOptions

    @Argument(help: "The key's name or ID.")
    var key: String

    func run() throws {
        do {
            let gone = try file.ring().revoke(key)
            Data.toStandardOutput("\(gone.id)\n")
        } catch let error as KeyRingError where error.code == .unknownKey {
            throw CommandFailure(.notFound, error.message, next: "fleetctl keys list")
        }
    }
}

extension KeyScope: ExpressibleByArgument {}

extension PriorityClass {
    /// The class of a word of the API.
    init(word: RequestPriority) {
        self =
            switch word {
            case .low: .low
            case .normal: .normal
            case .high: .high
            }
    }
}

extension Timestamp {
    /// This moment by the wall clock.
    static var now: Timestamp {
        Timestamp(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
