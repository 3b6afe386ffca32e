// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The methods that the bridge has something to say about; all others pass.
enum KnownMethod: String, CaseIterable, Sendable {
    case closeBrowser = "Browser.close"
    case getWindowForTarget = "Browser.getWindowForTarget"
    case createBrowserContext = "Target.createBrowserContext"
    case createTarget = "Target.createTarget"
    case exposeDevToolsProtocol = "Target.exposeDevToolsProtocol"
    case sendMessageToTarget = "Target.sendMessageToTarget"
    case autoAttachRelated = "Target.autoAttachRelated"
    case setAutoAttach = "Target.setAutoAttach"
    case runIfWaitingForDebugger = "Runtime.runIfWaitingForDebugger"
    case disableFetch = "Fetch.disable"
    case continueRequest = "Fetch.continueRequest"
    case continueResponse = "Fetch.continueResponse"
    case continueWithAuth = "Fetch.continueWithAuth"
    case failRequest = "Fetch.failRequest"
    case fulfillRequest = "Fetch.fulfillRequest"
    case enablePage = "Page.enable"
    case navigate = "Page.navigate"
    case reload = "Page.reload"
    case navigateToHistoryEntry = "Page.navigateToHistoryEntry"

    /// The method whose name stands at `range` of `message`, escapes resolved.
    static func find(_ message: borrowing Span<UInt8>, in range: Range<Int>) -> KnownMethod? {
        let candidates = range.count < table.count ? table[range.count] : []
        for candidate in candidates where candidate.matches(message, at: range.lowerBound) {
            return candidate.method
        }
        guard hasEscape(message, in: range) else { return nil }
        return KnownMethod(rawValue: JSONReader.string(message, in: range))
    }

    private static func hasEscape(
        _ message: borrowing Span<UInt8>, in range: Range<Int>
    ) -> Bool {
        // Longer than every letter of the longest name written as six: none of ours.
        range.count < 6 * table.count
            && PlainRun.end(message, from: range.lowerBound) < range.upperBound
    }

    private struct Candidate {
        let method: KnownMethod
        let name: [UInt8]

        func matches(_ message: borrowing Span<UInt8>, at start: Int) -> Bool {
            for index in name.indices where message[start + index] != name[index] { return false }
            return true
        }
    }

    /// The methods by the length of their names, so that most others cost one look.
    private static let table: [[Candidate]] = {
        let names = allCases.map { Candidate(method: $0, name: Array($0.rawValue.utf8)) }
        let longest = names.map(\.name.count).max() ?? 0
        return (0...longest).map { length in names.filter { $0.name.count == length } }
    }()
}
