// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Yams

/// How data is written to stdout.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// For people.
    case table
    /// For programs.
    case json
    /// For both.
    case yaml

    /// Prints a value; as a table in the form that `table` gives it.
    func print<Value: Encodable>(_ value: Value, table: (Value) -> Table) throws {
        switch self {
        case .table: Data.toStandardOutput(table(value).text(bold: Self.boldHeadings))
        case .json: Data.toStandardOutput(try Self.json(value))
        case .yaml: Data.toStandardOutput(try YAMLEncoder().encode(value))
        }
    }

    /// A value as JSON for people too: indented, keys in a fixed order.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    private static let boldHeadings = Talk.isTerminal(FileHandle.standardOutput)
}

/// `--output` of every command that prints data.
struct OutputOptions: ParsableArguments {
    @Option(name: [.customLong("output"), .customShort("o")], help: "table, json or yaml.")
    var format: OutputFormat = .table
}

extension Data {
    /// Writes a text to stdout.
    static func toStandardOutput(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
