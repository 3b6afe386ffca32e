// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime
import HTTPTypes
import HummingbirdCore

extension FleetService {
    /// Sticky keys, bound to servers.
    static var assignmentEndpoints: [Endpoint<Launcher>] {
        let assignment = AnswerForm.json(200, "Assignment", "Where the key is.")
        return [
            Endpoint(
                .get, "/assignments/{key}", "Where a key is.", access: .key(.browsers),
                answers: [assignment], problems: [.unknownAssignment, .storeUnavailable],
                handler: FleetService.showAssignment),
            Endpoint(
                .put, "/assignments/{key}", "Bind a key to a server, if it stands as you believe.",
                access: .key(.browsers), body: AssignmentRequest.fields, answers: [assignment],
                problems: [.assignmentConflict, .unknownServer, .storeUnavailable],
                handler: FleetService.putAssignment),
            Endpoint(
                .delete, "/assignments/{key}", "Free a key. May be repeated.",
                access: .key(.browsers),
                query: [
                    FieldRule(
                        "epoch", .integer(0...Int.max), "Only if it stands at this epoch.")
                ],
                answers: [.json(200, "AssignmentRemoved", "It is bound to nothing.")],
                problems: [.assignmentConflict, .storeUnavailable],
                handler: FleetService.removeAssignment),
        ]
    }

    private func showAssignment(_ call: Call) async throws(Problem) -> Response {
        let key = try Self.key(call)
        let found = try await store { store throws(StoreError) in
            try await store.assignment(of: key, within: nil)
        }
        // Whose key it is not learns nothing of it.
        guard let found, call.caller.seesAll || found.owner == call.caller.owner else {
            throw Problem(.unknownAssignment, "There is no key \(key) that you may see.")
        }
        return try .json(AssignmentResponse(found))
    }

    private func putAssignment(_ call: Call) async throws(Problem) -> Response {
        let request: AssignmentRequest
        do throws(FieldFault) {
            request = try AssignmentRequest(checking: call.body)
        } catch {
            throw Problem(error)
        }
        let owner = request.owner ?? call.caller.owner
        guard call.caller.seesAll || owner == call.caller.owner else {
            throw Problem(.forbidden, "Only the scope 'admin' binds keys for others.")
        }
        let server: ServerID
        do {
            server = try ServerID(request.server)
        } catch {
            throw Problem(.invalidValue, "'server': \(error).")
        }
        let command = PutAssignment(
            key: try Self.key(call), owner: owner, server: server, expected: request.epoch,
            isAdmin: call.caller.seesAll, stamp: stamp(call))
        return try .json(AssignmentResponse(try await run(command)))
    }

    private func removeAssignment(_ call: Call) async throws(Problem) -> Response {
        let key = try Self.key(call)
        let command = RemoveAssignment(
            key: key, owner: call.caller.owner, expected: call.query["epoch"]?.wholeNumber,
            isAdmin: call.caller.seesAll, stamp: stamp(call))
        _ = try await run(command)
        return try .json(AssignmentRemovedResponse(key: key.text))
    }

    // MARK: The store

    /// Who wants a change, and when, for the audit.
    func stamp(_ call: Call) -> CommandStamp {
        CommandStamp(author: call.caller.owner, unixMilliseconds: pool.clock.unixMilliseconds)
    }

    /// Runs a change on the fleet's store.
    func run<Answer: Sendable>(
        _ command: some StoreCommand<Answer>
    ) async throws(Problem) -> Answer {
        try await store { store throws(StoreError) in try await store.run(command, within: nil) }
    }

    /// Asks the fleet's store.
    func store<Answer: Sendable>(
        _ question: (any SharedStore) async throws(StoreError) -> Answer
    ) async throws(Problem) -> Answer {
        let records = try fleetRecords()
        do throws(StoreError) {
            return try await question(records.store)
        } catch {
            throw Problem(error)
        }
    }

    private static func key(_ call: Call) throws(Problem) -> AssignmentKey {
        try assignmentKey(call.values["key"] ?? "")
    }

    /// Reads a sticky key.
    static func assignmentKey(_ text: String) throws(Problem) -> AssignmentKey {
        do throws(StoreRefusal) {
            return try AssignmentKey(text)
        } catch {
            throw Problem(StoreError(error))
        }
    }

    // MARK: Creates

    /// The server that a create call's sticky key is bound to; `nil` if it has none, or if keys are
    /// no matter of a store here.
    func boundServer(
        of call: CreateBrowserRequest, for caller: Caller, _ wish: PlacementWish
    ) async throws(Problem) -> ServerName? {
        guard let text = call.affinityKey, let fleet, let assigner = fleet.shared?.assigner else {
            return nil
        }
        let key = try Self.assignmentKey(text)
        let answer: AutoAssign.Answer
        do throws(StoreError) {
            answer = try await assigner.assign(
                key, owner: caller.owner, isAdmin: caller.seesAll, wish: wish)
        } catch {
            throw Problem(error)
        }
        let server = answer.assignment.server
        guard let row = fleet.driver.row(server.text) else {
            throw Problem(
                .noServer, "The key is bound to \(server), which this server does not know yet.",
                retryAfter: .seconds(1))
        }
        return row.name
    }
}

extension AssignmentResponse {
    fileprivate init(_ assignment: Assignment) {
        self.init(
            key: assignment.key.text, owner: assignment.owner, server: assignment.server.text,
            epoch: assignment.epoch,
            assignedAt: Timestamp(millisecondsSince1970: assignment.assignedAt))
    }
}
