// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Foundation
import Yams

/// One event as it is printed: a line for people, a line of JSON, or a YAML document.
enum EventLine {
    /// The text, with its line end.
    static func text(_ event: EventMessage, _ format: OutputFormat) throws -> String {
        switch format {
        case .table: return line(event)
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(event), as: UTF8.self) + "\n"
        case .yaml: return "---\n" + (try YAMLEncoder().encode(event))
        }
    }

    private static func line(_ event: EventMessage) -> String {
        let details = event.details.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        return "\(event.time)  \(event.type)  \(event.subject) \(details.joined())\n"
    }
}
