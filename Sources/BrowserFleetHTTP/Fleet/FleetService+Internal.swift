// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FleetService {
    /// What servers of the fleet call.
    static var internalEndpoints: [Endpoint<Launcher>] {
        [
            Endpoint(
                .post, InternalPath.heartbeat, "A server's report.", access: .fleet, answers: [],
                handler: FleetService.hearHeartbeat),
            Endpoint(
                .post, InternalPath.goodbye, "A server's good-bye.", access: .fleet, answers: [],
                handler: FleetService.hearGoodbye),
            Endpoint(
                .get, InternalPath.report, "This server's report.", access: .fleet,
                query: KnownOfServer.fields,
                answers: [], handler: FleetService.answerReport),
        ]
    }

    private func hearHeartbeat(_ call: Call) async throws(Problem) -> Response {
        let driver = try gatewayDriver()
        let message: HeartbeatMessage = try Self.message(call)
        guard let heartbeat = message.heartbeat else {
            throw Problem(.invalidValue, "The report names no server.")
        }
        let answer = driver.hear(
            heartbeat, from: try? ServerID(message.serverId), word: message.word)
        return try .json(HeartbeatReply(answer, driver.word(of: heartbeat.server)))
    }

    private func hearGoodbye(_ call: Call) async throws(Problem) -> Response {
        let driver = try gatewayDriver()
        let message: GoodbyeMessage = try Self.message(call)
        guard let leaver = message.leaver else {
            throw Problem(.invalidValue, "The good-bye names no server.")
        }
        driver.hearGoodbye(of: leaver.server, leaver.epoch)
        return try .json(HeartbeatReply(.accepted(isDraining: false)))
    }

    private func answerReport(_ call: Call) async throws(Problem) -> Response {
        guard let driver = fleet?.driver, driver.settings.role != .gateway else {
            throw Problem(.unknownPath, "A gateway has no report.")
        }
        guard let heartbeat = driver.answer(knowing: KnownOfServer(call.query)) else {
            throw Problem(.storeUnavailable, "This process does not have its server name now.")
        }
        let own = driver.settings.own
        return try .json(
            HeartbeatMessage(heartbeat, driver.word(of: own.name), serverID: own.id))
    }

    private func gatewayDriver() throws(Problem) -> FleetDriver {
        guard let driver = fleet?.driver, driver.isGateway else {
            throw Problem(.unknownPath, "This server is no gateway.")
        }
        return driver
    }

    private static func message<Message: Decodable>(_ call: Call) throws(Problem) -> Message {
        do {
            return try JSONDecoder().decode(Message.self, from: Data(call.bytes))
        } catch {
            throw Problem(.malformedJSON, "This is not a message of this version.")
        }
    }
}
