// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What an ID says about itself.
struct IDReport: Encodable, Equatable {
    /// The whole ID.
    var id: String
    /// The owner's DNS name; absent if the ID names none.
    var server: String?
    /// What stands behind the underscore.
    var local: String

    init(_ id: BrowserID) {
        self.id = id.text
        self.server = id.server?.text
        self.local = String(id.localPart)
    }

    /// For people.
    var table: Table {
        Table(pairs: [
            ("id", id), ("server", server ?? "none: the fallback server owns it"),
            ("local", local),
        ])
    }

    /// Reads an ID.
    ///
    /// - Throws: what is wrong with it, as wrong usage.
    static func read(_ text: String) throws(CommandFailure) -> BrowserID {
        do {
            return try BrowserID(decoding: text)
        } catch {
            throw CommandFailure(
                .usage, "\"\(text)\" is not a browser ID: \(error)",
                next: "fleetctl id encode server1.example.com")
        }
    }
}
