// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fleetctl id …`.
struct IDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "id", abstract: "Makes and reads browser IDs; asks no server.",
        subcommands: [IDEncode.self, IDDecode.self, IDResolve.self])
}
