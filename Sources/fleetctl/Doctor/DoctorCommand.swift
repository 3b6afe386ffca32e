// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BrowserFleetChromium

/// `fleetctl doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks whether this machine can serve browsers, and says how to mend it.",
        discussion: "Takes the flags of serve, and --output. Starts one browser and ends it.")

    @Argument(
        parsing: .captureForPassthrough, help: "The flags of serve, and --output.",
        completion: SettingsCompletion.kind)
    var flags: [String] = []

    func run() async throws {
        try SettingsHelp.leaveIfAsked(flags, by: Self.self)
        let (format, rest) = try ConfigShow.takeFormat(flags)
        let settings = try LocalSettings.load(rest)
        let folder = DataDirectory(named: settings.text(.dataDirectory))
        let plan = try ServerPlan(settings, folder: folder, around: try .current())
        var rows = [Finding(folder)]
        rows += await ChromiumDiagnosis(configuration: plan.chromium).run().map(Finding.init)
        try format.print(rows, table: Finding.table)
        let count = rows.count { $0.outcome == ChromiumDiagnosis.Outcome.fail.rawValue }
        guard count == 0 else {
            throw CommandFailure(
                .failed, "\(count) of \(rows.count) checks failed",
                next: "do what the column MEND says, then fleetctl doctor")
        }
    }
}

/// One line of `doctor`.
struct Finding: Encodable, Equatable {
    /// What was checked.
    var check: String
    /// `ok`, `warn` or `fail`.
    var outcome: String
    /// What was found.
    var found: String
    /// How to mend it.
    var mend: String?

    init(_ row: ChromiumDiagnosis.Row) {
        self.init(row.name, row.outcome, row.detail, mend: row.remedy)
    }

    /// Whether the data folder can be used.
    init(_ folder: DataDirectory) {
        do throws(CommandFailure) {
            try folder.make()
            try folder.write("", to: folder.path + "/doctor")
            self.init("data folder", .ok, folder.path)
        } catch {
            self.init("data folder", .fail, error.message, mend: error.next)
        }
    }

    private init(
        _ check: String, _ outcome: ChromiumDiagnosis.Outcome, _ found: String,
        mend: String? = nil
    ) {
        self.check = check
        self.outcome = outcome.rawValue
        self.found = found
        self.mend = mend
    }

    /// The lines for people.
    static func table(_ rows: [Finding]) -> Table {
        Table(
            headings: ["CHECK", "OUTCOME", "FOUND", "MEND"],
            rows: rows.map { [$0.check, $0.outcome, $0.found, $0.mend ?? ""] })
    }
}
