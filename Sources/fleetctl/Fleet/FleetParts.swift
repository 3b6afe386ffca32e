// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetGateway
import BrowserFleetHTTP
import BrowserFleetRuntime
import Foundation
import Logging
import NIOPosix

/// What ties a server to its fleet, made of its plan.
struct FleetParts: Sendable {
    /// What is known of the other servers.
    let driver: FleetDriver
    /// What the HTTP server is told.
    let link: FleetLink
    /// What sends requests on to the owners of browsers; `nil` for a process that is no gateway.
    let gateway: GatewayService?
    /// The hold of the name in a shared store; `nil` where there is none, and at a gateway alone.
    let claim: ClaimKeeper?
    private let caller: LiveServerCaller

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - plan: what the settings say.
    ///   - folder: where this server's last epoch is kept.
    ///   - records: the fleet's store.
    ///   - logger: hears of servers that come and go.
    ///   - report: how this server is.
    /// - Throws: one clear line when the certificates to trust servers by cannot be used.
    init(
        _ plan: FleetPlan, folder: DataDirectory, records: FleetRecords, logger: Logger,
        report: @escaping @Sendable () -> ServerReport
    ) throws {
        let clock = MonotonicClock()
        caller = LiveServerCaller(
            configuration: plan.gateway, group: MultiThreadedEventLoopGroup.singleton)
        let persist: @Sendable (Int64) -> Void = { number in
            try? folder.write("\(number)\n", to: folder.epochFile)
        }
        claim =
            plan.isShared && plan.driver.role != .gateway
            ? ClaimKeeper(
                .init(
                    own: plan.driver.own, persisted: folder.keptEpoch, persist: persist,
                    report: report), registry: records.store, rhythm: plan.rhythm, clock: clock,
                logger: logger) : nil
        let hold: any NameHold =
            claim ?? EpochKeeper(persisted: folder.keptEpoch, persist: persist)
        driver = FleetDriver(
            settings: plan.driver, hold: hold,
            peers: SignedPeers(
                serverID: plan.driver.own.id, caller: caller, signer: plan.signer, clock: clock),
            report: report, clock: clock, logger: logger)
        // A node asks nobody, so it need not know who there is.
        link = FleetLink(
            driver: driver, caller: caller, signer: plan.signer,
            shared: plan.isShared && driver.isGateway ? SharedFleet(driver, records) : nil)
        gateway = try link.signing(publicURL: plan.publicURL).map { [driver] sign in
            try GatewayService(plan, driver, sign)
        }
    }

    /// Runs `body`, then closes what is open to other servers.
    func serve(during body: () async throws -> Void) async throws {
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        gateway?.hurry()
        try? await caller.shutdown()
        try outcome.get()
    }
}
