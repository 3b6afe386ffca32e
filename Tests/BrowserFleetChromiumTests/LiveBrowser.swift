// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetRuntime
import Glibc
import Synchronization
import Testing

/// Suites that start real browsers: one after the other, never side by side.
@Suite(.serialized) enum LiveSuites {}

/// Launches real browsers for a test and sees to it that they end with it.
enum LiveBrowser {
    private static let occupation = Atomic<Int>(0)

    /// A slot that no other test uses.
    static func slot() -> SlotID {
        SlotID(index: 0, occupation: occupation.add(1, ordering: .relaxed).newValue)
    }

    /// A launcher of this process with a data folder of its own.
    static func launcher(
        _ change: (inout ChromiumConfiguration) -> Void = { _ in }
    ) -> ChromiumLauncher {
        var configuration = ChromiumConfiguration(
            dataDirectory: "/tmp/browserfleet-tests-\(getuid())/\(getpid())")
        change(&configuration)
        return ChromiumLauncher(configuration: configuration)
    }

    /// Runs `body` with a new browser and ends it, whatever happens.
    static func with<Answer>(
        _ properties: LaunchProperties = .headless,
        launcher: ChromiumLauncher = launcher(),
        _ body: (ChromiumBrowser) async throws -> Answer
    ) async throws -> Answer {
        let browser = try await launcher.launch(
            LaunchRequest(slot: slot(), properties: properties))
        do {
            let answer = try await body(browser)
            await browser.end(.deleted)
            return answer
        } catch {
            await browser.end(.deleted)
            throw error
        }
    }
}
