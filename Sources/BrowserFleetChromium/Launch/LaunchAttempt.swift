// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetEgress
import BrowserFleetRuntime

/// One try at starting a browser. Whatever it started is gone again when it throws.
struct LaunchAttempt {
    let launcher: ChromiumLauncher
    let plan: LaunchPlan
    let stopper: LaunchStopper

    /// Starts the browser and returns once it answers on its pipe.
    func run() async throws -> ChromiumBrowser {
        let process = try await startProcess()
        do {
            return try await connect(process)
        } catch {
            await process.destroy()
            let status = process.child.status ?? .unknown
            throw error as? LaunchError
                ?? LaunchFailure.error(.ended(status), tail: process.complaints.text)
        }
    }

    private func startProcess() async throws(LaunchError) -> BrowserProcess {
        let configuration = launcher.configuration
        switch configuration.isolation {
        case .jail:
            let bubblewrap = try ChromiumExecutables.bubblewrap(configuration)
            let jail = plan.jail(bubblewrap: bubblewrap, scratchBytes: configuration.scratchBytes)
            return try await JailStart(command: jail, identity: plan.identity, stopper: stopper)
                .run()
        case .container:
            try launcher.folder.claim()
            let folder = BrowserFolder(
                in: launcher.folder.path, slot: plan.owner.slot.description)
            let start = ContainerStart(
                folder: folder, owner: plan.owner, identity: plan.identity, stopper: stopper)
            return try await start.run(environment: plan.environment(folder: folder)) {
                plan.command(
                    profile: "\(folder.path)/profile", scratch: folder.link, relayPort: $0)
            }
        }
    }

    /// Connects relay and pipe, and waits for the first answer.
    private func connect(_ process: BrowserProcess) async throws -> ChromiumBrowser {
        let relay = try await EgressRelay.start(
            listeningSocket: process.listener.take(), policy: launcher.configuration.egress,
            group: launcher.group, logger: launcher.logger,
            limits: launcher.configuration.egressLimits)
        do {
            let devTools = try await DevToolsHost(
                readDescriptor: process.answers.take(), writeDescriptor: process.commands.take(),
                group: launcher.group)
            return ChromiumBrowser(
                process: process, devTools: devTools, relay: relay, launcher: launcher,
                isHeadful: plan.properties.headful)
        } catch {
            await relay.stop()
            throw error
        }
    }
}
