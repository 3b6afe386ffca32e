// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Logging

/// Writes each log line as one JSON object on stderr.
struct JSONLogHandler: LogHandler {
    /// The members that every line has, in their order; metadata of such a name gets an underscore.
    static let fixedNames = ["timestamp", "level", "label", "message"]

    /// The logger's label.
    let label: String
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.metadataProvider = metadataProvider
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        StandardError.writeLine(line(of: event, at: .now))
    }

    /// The line, without its end.
    func line(of event: LogEvent, at time: Timestamp) -> String {
        var members = [
            JSONMember("timestamp", .string(time.description)),
            JSONMember("level", .string(event.level.rawValue)),
            JSONMember("label", .string(label)),
            JSONMember("message", .string("\(event.message)")),
        ]
        var all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
        if let error = event.error { all["error"] = "\(error)" }
        all.merge(event.metadata ?? [:]) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            let isTaken = Self.fixedNames.contains(name)
            members.append(JSONMember(isTaken ? name + "_" : name, JSONTree(value)))
        }
        return JSONTree.object(members).text
    }
}

extension JSONTree {
    /// A value of log metadata.
    init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let value): self = .string("\(value)")
        case .array(let values): self = .array(values.map { JSONTree($0) })
        case .dictionary(let values):
            self = .object(
                values.sorted { $0.key < $1.key }.map { JSONMember($0.key, JSONTree($0.value)) })
        }
    }
}
