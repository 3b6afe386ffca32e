// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// The registry.
    static var serverEndpoints: [Endpoint<Launcher>] {
        func act(
            _ word: String, _ summary: String, _ handler: @escaping Endpoint<Launcher>.Handler
        ) -> Endpoint<Launcher> {
            Endpoint(
                .post, "/servers/{server}/\(word)", summary, access: .key(.admin),
                answers: [.json(200, "Server", "The server as it is then.")],
                problems: [.unknownServer], audit: .registry, handler: handler)
        }
        return [
            Endpoint(
                .get, "/servers", "List the servers of the fleet, by name.", access: .key(.admin),
                answers: [.json(200, "ServerList", "The servers.")],
                handler: FleetService.listServers),
            Endpoint(
                .post, "/servers", "Add a server by hand.", access: .key(.admin),
                body: ServerRequest.fields,
                answers: [.json(201, "Server", "The server.")],
                problems: [.invalidValue, .serverExists], audit: .registry,
                handler: FleetService.addServer),
            Endpoint(
                .get, "/servers/{server}", "Show one server.", access: .key(.admin),
                answers: [.json(200, "Server", "The server.")], problems: [.unknownServer],
                handler: FleetService.showServer),
            Endpoint(
                .patch, "/servers/{server}", "Change what is said of a server.",
                access: .key(.admin), body: ServerRequest.changes,
                answers: [.json(200, "Server", "The server as it is then.")],
                problems: [.invalidValue, .unknownServer, .serverNotManual], audit: .registry,
                handler: FleetService.changeServer),
            Endpoint(
                .delete, "/servers/{server}", "Forget a server.", access: .key(.admin),
                answers: [.json(200, "ServerRemoved", "It is forgotten.")],
                problems: [.unknownServer, .serverNotManual], audit: .registry,
                handler: FleetService.removeServer),
            act("drain", "Give a server no new browsers.", FleetService.drainServer),
            act("activate", "Give a server new browsers again.", FleetService.activateServer),
            Endpoint(
                .post, "/servers/{server}/health-check", "Ask a server for its report now.",
                access: .key(.admin),
                answers: [.json(200, "ServerCheck", "What came of it.")],
                problems: [.unknownServer], audit: .registry,
                handler: FleetService.checkServer),
        ]
    }

    private func listServers(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let rows = driver.rows
        return try .json(ServerListResponse(servers: rows.map { answer($0, driver) }))
    }

    private func showServer(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        return try .json(answer(try row(call, driver), driver))
    }

    private func addServer(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let request = ServerRequest(checked: call.body)
        let endpoint = try Self.endpoint(request.url ?? "")
        let name = try Self.name(request.server ?? endpoint.host)
        let id = try Self.serverID(request.id ?? name.text)
        if fleet?.shared == nil, let known = driver.row(name.text), known.origin != .registered {
            throw Problem(
                .serverExists, "There is a server \(name); change it with PATCH /servers/\(name).")
        }
        var fields = ServerFields(request)
        fields.url = endpoint.description
        let command = EnterServer(
            server: id, name: name, fields: fields, stamp: stamp(call))
        if try await !share(command) {
            driver.enter(
                ServerEntry(name: name, endpoint: endpoint, origin: .manual, fields: fields),
                id: request.id == nil ? nil : id)
        }
        guard let row = driver.row(name.text) else {
            throw Problem(.internal, "The server was not kept.")
        }
        var response = try Response.json(answer(row, driver), status: .created)
        response.headers[.location] = "/servers/\(name)"
        return response
    }

    private func changeServer(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let row = try row(call, driver)
        let request = ServerRequest(checked: call.body)
        if try await share(change(request, of: row, call)) {
            return try .json(answer(try self.row(call, driver), driver))
        }
        if let healthy = request.healthy {
            driver.mark(row.name, healthy ? .byChecks : .unhealthy)
        }
        let fields = ServerFields(request)
        if fields != ServerFields() || request.url != nil {
            guard row.origin != .own else {
                throw Problem(
                    .serverNotManual, "This server's own words stand in its settings.")
            }
            let endpoint = try request.url.map { text throws(Problem) in try Self.endpoint(text) }
            // Without an address of its own it goes on moving with its reports.
            driver.enter(
                ServerEntry(
                    name: row.name, endpoint: endpoint ?? row.endpoint,
                    origin: endpoint == nil ? row.origin : .manual,
                    fields: row.fields.overridden(by: fields)),
                id: nil)
        }
        return try .json(answer(try self.row(call, driver), driver))
    }

    /// The change in the words of the shared registry.
    private func change(
        _ request: ServerRequest, of row: ServerRow, _ call: Call
    ) throws(Problem) -> AmendServer {
        var fields = ServerFields(request)
        fields.url = try request.url.map { text throws(Problem) in
            try Self.endpoint(text).description
        }
        return AmendServer(
            server: try registryID(of: row.name), fields: fields,
            healthMark: request.healthy.map { $0 ? .byChecks : .unhealthy }, stamp: stamp(call))
    }

    private func removeServer(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let row = try row(call, driver)
        guard row.origin != .own else {
            throw Problem(.serverNotManual, "This server is the one you ask.")
        }
        let command = RemoveServer(server: try registryID(of: row.name), stamp: stamp(call))
        if driver.settings.servers.contains(where: { $0.name == row.name }) {
            throw Problem(
                .serverNotManual, "The server stands in the settings; take it out there.")
        }
        if try await !share(command) { driver.remove(row.name) }
        return try .json(ServerRemovedResponse(id: call.values["server"] ?? ""))
    }

    private func drainServer(_ call: Call) async throws(Problem) -> Response {
        try await mark(call, .drain)
    }

    private func activateServer(_ call: Call) async throws(Problem) -> Response {
        try await mark(call, .activate)
    }

    private func mark(_ call: Call, _ mark: ServerMark) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let row = try row(call, driver)
        let command = DrainServer(
            server: try registryID(of: row.name), isDraining: mark == .drain, stamp: stamp(call))
        if try await !share(command) { driver.mark(row.name, mark) }
        return try .json(answer(try self.row(call, driver), driver))
    }

    private func checkServer(_ call: Call) async throws(Problem) -> Response {
        let driver = try fleetDriver()
        let row = try row(call, driver)
        let id = call.values["server"] ?? ""
        guard row.origin != .own else {
            return try .json(ServerCheckResponse(id: id, passed: true, responseTimeMs: 0))
        }
        let result = await driver.check(row)
        return try .json(
            ServerCheckResponse(
                id: id, passed: result != nil,
                responseTimeMs: result.map { $0.responseTime.milliseconds }))
    }

    // MARK: Reading

    /// What is known of the fleet.
    func fleetDriver() throws(Problem) -> FleetDriver {
        guard let fleet else { throw Problem(.unknownPath, "This server has no fleet.") }
        return fleet.driver
    }

    private func row(_ call: Call, _ driver: FleetDriver) throws(Problem) -> ServerRow {
        let text = call.values["server"] ?? ""
        guard let row = driver.row(text) else {
            throw Problem(.unknownServer, "There is no server of that name; see GET /servers.")
        }
        RequestNotes.add { $0.server = row.name }
        return row
    }

    private static func endpoint(_ text: String) throws(Problem) -> ServerEndpoint {
        guard let endpoint = ServerEndpoint(text) else {
            throw Problem(
                .invalidValue,
                "'url': expected http:// or https://, a host and maybe a port, nothing behind it.")
        }
        return endpoint
    }

    private static func name(_ text: String) throws(Problem) -> ServerName {
        do {
            return try ServerName(text)
        } catch {
            throw Problem(.invalidValue, "'server': \(error.message).")
        }
    }

    static func serverID(_ text: String) throws(Problem) -> ServerID {
        do {
            return try ServerID(text)
        } catch {
            throw Problem(.invalidValue, "'id': \(error).")
        }
    }

    // MARK: Telling

    private func answer(_ row: ServerRow, _ driver: FleetDriver) -> ServerResponse {
        var answer = ServerResponse(
            id: driver.serverID(of: row.name)?.text ?? row.name.text, server: row.name.text,
            url: row.endpoint.description, origin: row.origin.rawValue,
            status: row.standing.rawValue)
        answer.healthy = row.standing.isWell
        answer.name = row.fields.name
        answer.type = row.fields.type
        answer.region = row.fields.region
        answer.labels = row.fields.labels ?? [:]
        answer.priority = row.fields.priority ?? 0
        answer.weight = row.fields.weight ?? 1
        answer.backup = row.fields.isBackup ?? false
        answer.description = row.fields.description
        answer.free = row.free
        answer.epoch = row.epoch?.number
        if row.responseTime > .zero { answer.responseTimeMs = row.responseTime.milliseconds }
        answer.lastSeen = row.heardAt.map { heard in
            Timestamp(millisecondsSince1970: driver.clock.unixMilliseconds(at: heard))
        }
        answer.capacity = row.fields.capacity ?? 0
        guard let report = row.report else { return answer }
        answer.capacity = min(report.capacity, row.fields.capacity ?? .max)
        answer.leased = report.leased
        answer.warm = report.warm
        answer.waiting = report.waiting
        answer.connections = report.connections
        answer.refusal = report.reason
        answer.version = report.version
        return answer
    }
}

extension ServerFields {
    /// What a request says.
    fileprivate init(_ request: ServerRequest) {
        self.init()
        name = request.name
        type = request.type
        region = request.region
        capacity = request.capacity
        priority = request.priority
        weight = request.weight
        isBackup = request.backup
        labels = request.labels
        description = request.description
    }
}

extension ServerStanding {
    /// Whether a server is in order, whether or not it takes new browsers.
    var isWell: Bool {
        switch self {
        case .active, .draining: true
        case .neverConnected, .inactive, .suspect, .unhealthy, .lost: false
        }
    }
}

extension Duration {
    /// In milliseconds, with thousandths.
    var milliseconds: Double { Double(wholeMicroseconds) / 1000 }

    private var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
