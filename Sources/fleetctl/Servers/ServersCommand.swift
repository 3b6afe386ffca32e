// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fleetctl servers …`.
struct ServersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "servers", abstract: "Lists and changes the servers of a fleet.",
        subcommands: [
            ServersList.self, ServersAdd.self, ServersDrain.self, ServersActivate.self,
            ServersRemove.self,
        ], defaultSubcommand: ServersList.self)
}
