// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import Foundation
import Logging
import Testing

@testable import fleetctl

struct JSONLogHandlerTests {
    private func line(
        _ message: Logger.Message, _ metadata: Logger.Metadata, error: (any Error)? = nil
    ) throws -> [String: Any] {
        var handler = JSONLogHandler(
            label: "test", metadataProvider: .init { ["requestId": "r-1", "a": "provided"] })
        handler.metadata = ["a": "handler", "b": "handler"]
        let event = LogEvent(
            level: .warning, message: message, error: error, metadata: metadata, source: "test",
            file: #fileID, function: #function, line: #line)
        let text = handler.line(of: event, at: Timestamp(millisecondsSince1970: 0))
        #expect(!text.contains("\n"))
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    @Test("a line is one JSON object with the fixed members and the metadata")
    func members() throws {
        let line = try line("two\nlines \"quoted\"", ["browserId": "x"])
        #expect(line["timestamp"] as? String == "1970-01-01T00:00:00.000Z")
        #expect(line["level"] as? String == "warning" && line["label"] as? String == "test")
        #expect(line["message"] as? String == "two\nlines \"quoted\"")
        #expect(line["browserId"] as? String == "x" && line["requestId"] as? String == "r-1")
        #expect(line["a"] as? String == "provided" && line["b"] as? String == "handler")
    }

    @Test("metadata never hides a fixed member, and keeps its shape")
    func shapes() throws {
        let line = try line(
            "m", ["message": "mine", "list": ["a", ["b": "c"]], "number": .stringConvertible(7)],
            error: CancellationError())
        #expect(line["message"] as? String == "m" && line["message_"] as? String == "mine")
        #expect((line["list"] as? [Any])?.count == 2 && line["number"] as? String == "7")
        #expect(line["error"] as? String == "CancellationError()")
    }
}
