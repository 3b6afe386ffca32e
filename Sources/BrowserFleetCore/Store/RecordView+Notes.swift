// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension RecordView {
    /// Appends an event and its audit entry: every change of shared state has both.
    mutating func note(
        _ kind: FleetEvent.Kind, subject: String, by stamp: CommandStamp,
        details: [String: String] = [:]
    ) {
        append(
            FleetEvent(
                kind, subject: subject, unixMilliseconds: stamp.unixMilliseconds, details: details))
        append(
            AuditEntry(
                author: stamp.author, action: kind.word, subject: subject,
                unixMilliseconds: stamp.unixMilliseconds, details: details))
    }
}
