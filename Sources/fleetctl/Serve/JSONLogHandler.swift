// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Foundation
import Logging

/// Writes each log line as one JSON object on stderr.
struct JSONLogHandler: LogHandler {
    /// The logger's label.
    let label: String
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        FileHandle.standardError.write(Data((line(of: event, at: .now) + "\n").utf8))
    }

    /// The line, without its end.
    func line(of event: LogEvent, at time: Timestamp) -> String {
        var members = [
            JSONMember("time", .string(time.description)),
            JSONMember("level", .string(event.level.rawValue)),
            JSONMember("label", .string(label)),
            JSONMember("message", .string("\(event.message)")),
        ]
        if let error = event.error { members.append(JSONMember("error", .string("\(error)"))) }
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            members.append(JSONMember(name, .string("\(value)")))
        }
        return JSONTree.object(members).text
    }
}
