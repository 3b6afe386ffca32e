// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetClient
import BrowserFleetCore
import BrowserFleetHTTP
import Foundation
import Synchronization

/// Servers and a gateway as processes of this machine, which end together.
struct LocalFleet: Sendable {
    /// How long all of them may take to start.
    private static let startLimit = Duration.seconds(60)

    private let members: [FleetMember]
    private let folder: String
    private let isOwnFolder: Bool
    private let apiKey: String

    /// Plans the processes.
    ///
    /// - Throws: a failure when a name or a folder cannot be used.
    init(
        servers: Int, port: Int, domain: String, browsers: Int?, environment: [String: String]
    ) throws {
        var shared = environment
        for name in ["PORT", "HOST", "DOMAIN", "SERVER_ID", "PUBLIC_URL", "SERVER_URL"] {
            shared[name] = nil
        }
        apiKey = Self.given(environment["API_KEY"]) ?? Self.secret()
        shared["API_KEY"] = apiKey
        shared["INTERNAL_API_KEY"] = Self.given(environment["INTERNAL_API_KEY"]) ?? Self.secret()
        shared["HOST"] = "127.0.0.1"
        shared["DRAIN_TIMEOUT"] = Self.given(environment["DRAIN_TIMEOUT"]) ?? "5s"
        shared["LOG_LEVEL"] = Self.given(environment["LOG_LEVEL"]) ?? "warning"
        let most = browsers ?? max(1, MachineCapacity.current().browsers / servers)
        shared["MAX_BROWSERS"] = Self.given(environment["MAX_BROWSERS"]) ?? "\(most)"
        isOwnFolder = Self.given(environment["DATA_DIR"]) == nil
        folder =
            Self.given(environment["DATA_DIR"])
            ?? FileManager.default.temporaryDirectory.path() + "fleet-up-\(UUID().uuidString)"
        let ports = try Self.ports(port, servers + 1)
        let gateway = "http://127.0.0.1:\(ports[0])"
        var members: [FleetMember] = []
        for number in 0...servers {
            let word = number == 0 ? "gateway" : "server\(number)"
            let name = try ServerOption.name("\(word).\(domain)")
            var own = shared
            own["ROLE"] = number == 0 ? "gateway" : "node"
            own["DOMAIN"] = name.text
            own["SERVER_ID"] = name.text
            own["PORT"] = "\(ports[number])"
            own["DATA_DIR"] = "\(folder)/\(word)"
            if number > 0 { own["GATEWAYS"] = gateway }
            if number == 0 { own["MAX_BROWSERS"] = nil }
            members.append(FleetMember(name: name.text, port: ports[number], environment: own))
        }
        self.members = members
    }

    /// Runs them until one of SIGINT and SIGTERM comes, or the gateway ends.
    func run() async throws {
        defer { if isOwnFolder { try? FileManager.default.removeItem(atPath: folder) } }
        let signals = StopSignals { [members] _, _ in
            for member in members { member.stop(again: true) }
        }
        defer { signals.cancel() }
        do {
            for member in members { try member.start() }
            try await becomeReady()
        } catch {
            for member in members { member.stop() }
            await ended()
            throw error
        }
        say()
        await members[0].ended()
        for member in members { member.stop() }
        await ended()
    }

    private func ended() async {
        for member in members { await member.ended() }
    }

    private func becomeReady() async throws {
        guard let url = URL(string: members[0].url) else { return }
        let client = FleetClient(url: url, apiKey: apiKey, timeout: .seconds(2))
        let deadline = ContinuousClock.now + Self.startLimit
        while ContinuousClock.now < deadline {
            if let failed = members.first(where: \.hasEnded) {
                throw CommandFailure(.failed, "\(failed.name) did not start; its lines are above")
            }
            if let status = try? await client.clusterStatus(),
                status.servers["active"] == members.count - 1
            {
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CommandFailure(.failed, "the servers were not there within \(Self.startLimit)")
    }

    private func say() {
        let table = Table(
            pairs: members.map { ($0.name, "\($0.url)  pid \($0.processID)") }
        ).text(bold: false).split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        Data.toStandardOutput(
            """

            A fleet of \(members.count - 1) servers answers at \(members[0].url)

            \(table)

              export FLEET_URL=\(members[0].url) FLEET_API_KEY=\(apiKey)

            Then, in that shell:

              fleetctl servers list
              fleetctl browsers create

            Ctrl-C ends them all.

            """)
    }

    // MARK: Parts

    private static func given(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            String(generator.next() as UInt64, radix: 16)
        }.joined()
    }

    private static func ports(_ first: Int, _ count: Int) throws(CommandFailure) -> [Int] {
        guard first == 0 else { return (0..<count).map { first + $0 } }
        do {
            return try FreePorts.find(count)
        } catch {
            throw CommandFailure(.failed, "no free ports: \(error)")
        }
    }
}
