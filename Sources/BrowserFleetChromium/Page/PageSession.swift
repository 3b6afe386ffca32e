// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetDevTools
import BrowserFleetRuntime

/// Our own DevTools session on one page. Never sends `Page.enable`: dialogs then stay the
/// clients' affair, and neither hang us nor are hung by us.
struct PageSession: Sendable {
    let devTools: DevToolsHost
    /// The page's CDP target ID.
    let targetID: String
    private let sessionID: String

    /// Opens a page and attaches to it; in a window of its own for a browser with a screen, where a
    /// tab in the background is not drawn and its picture takes seconds or never comes.
    static func open(
        _ devTools: DevToolsHost, newWindow: Bool, viewport: Viewport?, until deadline: Deadline
    ) async throws(RenderingError) -> PageSession {
        var members: [JSONValue.Member] = [
            .init("url", "about:blank"), .init("newWindow", .bool(newWindow)),
        ]
        if let viewport {
            members.append(.init("width", .integer(Int64(viewport.width))))
            members.append(.init("height", .integer(Int64(viewport.height))))
        }
        let params = JSONValue.object(members)
        let target = try await RenderingError.translating {
            try await devTools.call(
                "Target.createTarget", params: params, timeout: deadline.left)
        }
        guard let id = target["targetId"]?.stringValue else { throw .unreadable }
        do {
            return try await attach(to: id, devTools, until: deadline)
        } catch {
            _ = try? await devTools.call("Target.closeTarget", params: ["targetId": .string(id)])
            throw error
        }
    }

    /// Attaches to a page that is there.
    static func attach(
        to id: String, _ devTools: DevToolsHost, until deadline: Deadline
    ) async throws(RenderingError) -> PageSession {
        let answer = try await RenderingError.translating {
            try await devTools.call(
                "Target.attachToTarget",
                params: ["targetId": .string(id), "flatten": true], timeout: deadline.left)
        }
        guard let session = answer["sessionId"]?.stringValue else { throw .unreadable }
        return PageSession(devTools: devTools, targetID: id, sessionID: session)
    }

    /// One command on this page.
    @discardableResult
    func call(
        _ method: String, _ params: JSONValue = [:], until deadline: Deadline
    ) async throws(RenderingError) -> JSONValue {
        let session = sessionID
        return try await RenderingError.translating {
            try await devTools.call(
                method, params: params, session: session, timeout: deadline.left)
        }
    }

    /// Leaves the page as it is.
    func detach() async {
        _ = try? await devTools.call(
            "Target.detachFromTarget", params: ["sessionId": .string(sessionID)])
    }

    /// Closes the page; our session ends with it.
    func close() async {
        _ = try? await devTools.call(
            "Target.closeTarget", params: ["targetId": .string(targetID)])
    }
}

/// When an undertaking of several calls must be over.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(in timeout: Duration) {
        end = .now.advanced(by: timeout)
    }

    /// What is left of it; never less than nothing.
    var left: Duration { max(ContinuousClock.now.duration(to: end), .zero) }

    /// Whether nothing is left.
    var hasPassed: Bool { left == .zero }
}

extension RenderingError {
    /// The browser answered something that lacks what the protocol promises.
    static var unreadable: RenderingError {
        RenderingError(.refused, "The browser's answer cannot be read.")
    }

    /// Runs one call and says in our words why it failed.
    static func translating<Answer>(
        _ body: () async throws -> Answer
    ) async throws(RenderingError) -> Answer {
        do {
            return try await body()
        } catch let error as DevToolsError {
            throw RenderingError(error)
        } catch {
            throw RenderingError(.browserGone, "The browser has ended.")
        }
    }

    private init(_ error: DevToolsError) {
        switch error.code {
        case .refused where error.message.contains("No target with given id"):
            self.init(.noSuchPage, "There is no page with this target ID.")
        case .refused, .malformed: self.init(.refused, error.message)
        case .timedOut: self.init(.timedOut, error.message)
        case .pipeClosed: self.init(.browserGone, error.message)
        }
    }
}
