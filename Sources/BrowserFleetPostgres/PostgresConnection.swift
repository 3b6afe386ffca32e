// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import CLibPQ

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One connection to PostgreSQL: libpq without its blocking calls, and `poll` with a deadline in
/// their place. It belongs to one thread.
@safe final class PostgresConnection {
    private let connection: OpaquePointer
    private var prepared: Set<String> = []

    /// Dials and enters; TLS and all else is as the URL says.
    ///
    /// Looking up the host's name is the one step that libpq does without a deadline.
    init(url: String, by deadline: StoreDeadline) throws(PostgresFailure) {
        // libpq's own words would repeat the URL, with the password in it.
        guard let options = unsafe PQconninfoParse(url, nil) else {
            throw PostgresFailure(
                state: "22023",
                message: "the URL is none; write postgres://user:password@host:5432/database",
                wasSent: false)
        }
        unsafe PQconninfoFree(options)
        guard let connection = unsafe PQconnectStart(url) else {
            throw PostgresFailure(state: nil, message: "no memory", wasSent: false)
        }
        unsafe self.connection = unsafe connection
        while unsafe PQstatus(connection) != CONNECTION_BAD {
            switch unsafe PQconnectPoll(connection) {
            case PGRES_POLLING_OK:
                unsafe PQsetnonblocking(connection, 1)
                return
            case PGRES_POLLING_READING: try wait(for: POLLIN, by: deadline, wasSent: false)
            case PGRES_POLLING_WRITING: try wait(for: POLLOUT, by: deadline, wasSent: false)
            case _: throw failure(wasSent: false)
            }
        }
        throw failure(wasSent: false)
    }

    deinit {
        unsafe PQfinish(connection)
    }

    /// Whether the last word from the server did not end the connection.
    var isAlive: Bool { unsafe PQstatus(connection) == CONNECTION_OK }

    /// Runs one statement and answers its rows, each value as text. A named one is prepared once
    /// under its name, which a pooler between us may not keep.
    func run(
        _ statement: PostgresStatement, _ values: [String?], isNamed: Bool,
        by deadline: StoreDeadline
    ) throws(PostgresFailure) -> [[String?]] {
        if isNamed, !prepared.contains(statement.name) {
            let isSent = unsafe PQsendPrepare(connection, statement.name, statement.text, 0, nil)
            guard isSent == 1 else { throw failure(wasSent: false) }
            _ = try result(by: deadline, wasSent: false)
            prepared.insert(statement.name)
        }
        let isSent = unsafe Self.withCStrings(values) { pointers in
            let count = CInt(values.count)
            return unsafe isNamed
                ? PQsendQueryPrepared(connection, statement.name, count, pointers, nil, nil, 0)
                : PQsendQueryParams(
                    connection, statement.text, count, nil, pointers, nil, nil, 0)
        }
        guard isSent == 1 else { throw failure(wasSent: false) }
        return try result(by: deadline, wasSent: true)
    }

    /// Runs text that takes no values.
    func run(_ text: String, by deadline: StoreDeadline) throws(PostgresFailure) -> [[String?]] {
        guard unsafe PQsendQuery(connection, text) == 1 else { throw failure(wasSent: false) }
        return try result(by: deadline, wasSent: true)
    }

    /// Waits for notifications of any channel; answers whether there was one by then.
    func notified(by deadline: StoreDeadline) throws(PostgresFailure) -> Bool {
        while true {
            guard unsafe PQconsumeInput(connection) == 1 else { throw failure(wasSent: false) }
            var isNotified = false
            while let notification = unsafe PQnotifies(connection) {
                unsafe PQfreemem(notification)
                isNotified = true
            }
            if isNotified { return true }
            guard isReady(for: POLLIN, by: deadline) else { return false }
        }
    }

    // Collects everything the server has to say about what was sent, so that the next statement
    // starts clean, and throws the first complaint.
    private func result(
        by deadline: StoreDeadline, wasSent: Bool
    ) throws(PostgresFailure) -> [[String?]] {
        try flush(by: deadline, wasSent: wasSent)
        var rows: [[String?]] = []
        var complaint: PostgresFailure?
        while true {
            while unsafe PQisBusy(connection) == 1 {
                try wait(for: POLLIN, by: deadline, wasSent: wasSent)
                guard unsafe PQconsumeInput(connection) == 1 else {
                    throw failure(wasSent: wasSent)
                }
            }
            guard let result = unsafe PQgetResult(connection) else { break }
            defer { unsafe PQclear(result) }
            switch unsafe PQresultStatus(result) {
            case PGRES_TUPLES_OK: unsafe rows += Self.rows(of: result)
            case PGRES_COMMAND_OK: break
            case _:
                let state = unsafe PQresultErrorField(result, CInt(UInt8(ascii: "C")))
                let failure = unsafe PostgresFailure(
                    state: state.map { unsafe String(cString: $0) },
                    message: Self.line(PQresultErrorMessage(result)), wasSent: wasSent)
                complaint = complaint ?? failure
            }
        }
        if let complaint { throw complaint }
        return rows
    }

    private func flush(by deadline: StoreDeadline, wasSent: Bool) throws(PostgresFailure) {
        while true {
            switch unsafe PQflush(connection) {
            case 0: return
            case 1:
                try wait(for: POLLIN | POLLOUT, by: deadline, wasSent: wasSent)
                guard unsafe PQconsumeInput(connection) == 1 else {
                    throw failure(wasSent: wasSent)
                }
            case _: throw failure(wasSent: wasSent)
            }
        }
    }

    private func wait(
        for events: CInt, by deadline: StoreDeadline, wasSent: Bool
    ) throws(PostgresFailure) {
        guard isReady(for: events, by: deadline) else {
            throw PostgresFailure(
                state: nil, message: "no answer in time", wasSent: wasSent)
        }
    }

    private func isReady(for events: CInt, by deadline: StoreDeadline) -> Bool {
        var descriptor = unsafe pollfd(
            fd: PQsocket(connection), events: Int16(events), revents: 0)
        let milliseconds = min(deadline.remaining, .seconds(3600)).wholeMillisecondsRoundedUp
        return unsafe poll(&descriptor, 1, CInt(milliseconds)) > 0
            || (errno == EINTR && !deadline.isOver)
    }

    private func failure(wasSent: Bool) -> PostgresFailure {
        unsafe PostgresFailure(
            state: nil, message: Self.line(PQerrorMessage(connection)), wasSent: wasSent)
    }

    private static func line(_ text: UnsafePointer<CChar>?) -> String {
        let text = unsafe text.map { unsafe String(cString: $0) } ?? ""
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func rows(of result: OpaquePointer) -> [[String?]] {
        let columns = unsafe PQnfields(result)
        return unsafe (0..<PQntuples(result)).map { row in
            (0..<columns).map { column in
                guard unsafe PQgetisnull(result, row, column) == 0,
                    let value = unsafe PQgetvalue(result, row, column)
                else { return nil }
                return unsafe String(cString: value)
            }
        }
    }

    private static func withCStrings<Answer>(
        _ values: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Answer
    ) -> Answer {
        let copies = unsafe values.map { unsafe $0.flatMap { unsafe strdup($0) } }
        defer { unsafe copies.forEach { unsafe free($0) } }
        let pointers = unsafe copies.map { unsafe $0.map { unsafe UnsafePointer($0) } }
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}
