// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime

/// The small world that random commands are about, so that they meet.
private enum Cast {
    static let servers = ["server-1", "Server-1", "server-2", "s.3_x"]
        .compactMap { try? ServerID($0) }
    static let names = ["one.example.com", "two.example.com", "two-b.example.com"]
        .compactMap { try? ServerName($0) }
    static let keys = ["device-1", "device-2", "Device-1", "a%20b", "~", "device-10"]
        .compactMap { try? AssignmentKey($0) }
    static let owners = ["ann", "bob", "zoë \"q\" \\ ' ; --"]
    static let processes = (1...5).map { number in
        var generator = SeededGenerator(seed: UInt64(number))
        return UUIDv4(using: &generator)
    }
}

extension StoreContract {
    mutating func performRandomOperation() async {
        switch number(1...100) {
        case 1...12: await ask(randomRegistration())
        case 13...34: await ask(randomHeartbeat())
        case 35...38: await tell(randomLeave())
        case 39...43: await ask(randomLoss())
        case 44...48: await ask(randomEntry())
        case 49...54: await ask(randomAmendment())
        case 55...59:
            await ask(DrainServer(server: server(), isDraining: chance(50), stamp: stamp()))
        case 60...61: await ask(RemoveServer(server: server(), stamp: stamp()))
        case 62...76: await ask(randomAutoAssignment())
        case 77...84: await ask(randomPut())
        case 85...88: await ask(randomRemoval())
        case 89...92: await tell(randomEntries())
        case 93...98: await compareNextEvents()
        case _: await trimLogs()
        }
    }

    private mutating func randomRegistration() -> RegisterServer {
        let server = server()
        let name = pick(Cast.names)
        let entry = model.records[.name(name)]?.nameEpoch
        return RegisterServer(
            server: server, name: name, epoch: chance(10) ? entry ?? strayEpoch() : strayEpoch(),
            instead: chance(85) ? entry : chance(50) ? strayEpoch() : nil,
            fields: randomFields(), report: randomReport(), unixMilliseconds: unixMilliseconds)
    }

    private mutating func randomHeartbeat() -> ReportHeartbeat {
        let server = server()
        let known = model.records[.server(server)]?.sequence ?? 0
        return ReportHeartbeat(
            server: server, epoch: epoch(of: server),
            sequence: chance(85) ? known + 1 : UInt64(number(0...5)), report: randomReport(),
            unixMilliseconds: unixMilliseconds)
    }

    private mutating func randomLeave() -> LeaveFleet {
        let server = server()
        return LeaveFleet(
            server: server, epoch: epoch(of: server), unixMilliseconds: unixMilliseconds)
    }

    private mutating func randomLoss() -> MarkServerLost {
        let server = server()
        let known = model.records[.server(server)]?.sequence ?? 0
        return MarkServerLost(
            server: server, epoch: epoch(of: server), sequence: chance(80) ? known : known + 1,
            stamp: stamp())
    }

    private mutating func randomEntry() -> EnterServer {
        EnterServer(server: server(), fields: randomFields(), stamp: stamp())
    }

    private mutating func randomAmendment() -> AmendServer {
        AmendServer(
            server: server(), fields: chance(60) ? randomFields() : ServerFields(),
            cleared: chance(30) ? [pick(ServerFields.Name.allCases)] : [],
            healthMark: chance(40) ? pick(ServerRecord.HealthMark.allCases) : nil, stamp: stamp())
    }

    private mutating func randomAutoAssignment() -> AutoAssign {
        AutoAssign(
            key: pick(Cast.keys), owner: pick(Cast.owners), isAdmin: chance(60),
            candidates: (0..<number(0...3)).map { _ in server() }, stamp: stamp())
    }

    private mutating func randomPut() -> PutAssignment {
        let key = pick(Cast.keys)
        return PutAssignment(
            key: key, owner: pick(Cast.owners), server: server(), expected: expected(of: key),
            isAdmin: chance(60), stamp: stamp())
    }

    private mutating func randomRemoval() -> RemoveAssignment {
        let key = pick(Cast.keys)
        return RemoveAssignment(
            key: key, owner: pick(Cast.owners), expected: chance(50) ? expected(of: key) : nil,
            isAdmin: chance(60), stamp: stamp())
    }

    private mutating func randomEntries() -> AppendEntries {
        let kind = FleetEvent.Kind(pick(["browser.created", "browser.ended", "odd word ☃"]))
        let details = [
            "text": pick(["", "a\"b\\c\n\t'", "€ 𝄞 \u{1}"]), "more": "\(number(0...9))",
        ]
        let size = chance(5) ? FleetEvent.mostBytes : number(0...30)
        let events = (0..<number(0...3)).map { index in
            FleetEvent(
                kind, subject: String(repeating: "s", count: size), unixMilliseconds: Int64(index),
                details: details)
        }
        let audit = (0..<number(0...2)).map { index in
            AuditEntry(
                author: pick(Cast.owners), action: kind.word, subject: "s",
                unixMilliseconds: unixMilliseconds + Int64(index), details: details)
        }
        return AppendEntries(events: events, audit: audit)
    }

    private mutating func randomFields() -> ServerFields {
        var fields = ServerFields()
        if chance(50) { fields.name = pick(["Server Singapore 1", "", "東京 \"2\"", "a\nb"]) }
        if chance(80) {
            fields.url = pick(["https://one.example.com", "http://[::1]:3000/", "nowhere"])
        }
        if chance(30) { fields.region = pick(["SG", "tokyo"]) }
        if chance(30) { fields.capacity = pick([0, 50, 10_000, 10_001]) }
        if chance(30) { fields.priority = number(0...1000) }
        if chance(20) { fields.isBackup = chance(50) }
        if chance(20) { fields.labels = ["gpu": pick(["yes", "no"]), "b": ""] }
        if chance(10) { fields.apiKey = "key-\(number(0...9))" }
        return fields
    }

    private mutating func randomReport() -> ServerReport {
        var report = ServerReport(capacity: 50, startedAt: unixMilliseconds, version: "1.0.0")
        report.leased = number(0...50)
        report.isAccepting = chance(80)
        if chance(30) { report.reason = "memory" }
        if chance(30) { report.cpuPercent = number(0...100) }
        return report
    }

    private mutating func server() -> ServerID { pick(Cast.servers) }

    private mutating func stamp() -> CommandStamp {
        CommandStamp(author: pick(Cast.owners), unixMilliseconds: unixMilliseconds)
    }

    private mutating func strayEpoch() -> ServerEpoch {
        ServerEpoch(
            number: unixMilliseconds + Int64(number(-50...500)), process: pick(Cast.processes))
    }

    // Mostly the one that is in force, else one of the past or one that nobody ever had.
    private mutating func epoch(of server: ServerID) -> ServerEpoch {
        let stray = strayEpoch()
        return chance(85) ? model.records[.server(server)]?.serverEpoch ?? stray : stray
    }

    private mutating func expected(of key: AssignmentKey) -> Int64? {
        let stray = chance(50) ? nil : unixMilliseconds
        return chance(75) ? model.records[.assignment(key)]?.assignmentEpoch : stray
    }
}

extension StoredRecord {
    fileprivate var sequence: UInt64? {
        if case .server(let record) = self { record.sequence } else { nil }
    }

    fileprivate var serverEpoch: ServerEpoch? {
        if case .server(let record) = self { record.epoch } else { nil }
    }

    fileprivate var nameEpoch: ServerEpoch? {
        if case .name(let entry) = self { entry.epoch } else { nil }
    }

    fileprivate var assignmentEpoch: Int64? {
        if case .assignment(let assignment) = self { assignment.epoch } else { nil }
    }
}
