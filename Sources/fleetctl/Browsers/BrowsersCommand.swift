// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `fleetctl browsers …`.
struct BrowsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browsers", abstract: "Creates, lists, uses and deletes browsers.",
        subcommands: [
            BrowsersCreate.self, BrowsersList.self, BrowsersGet.self, BrowsersDelete.self,
            BrowsersOpen.self, BrowsersScreenshot.self, BrowsersForward.self,
        ])
}
