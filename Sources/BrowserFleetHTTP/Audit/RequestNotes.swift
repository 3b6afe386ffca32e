// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import Synchronization

/// What becomes known of a call while it is answered, by whoever finds it out; read once at its
/// end for its audit line and its span.
final class RequestNotes: Sendable {
    struct Content: Sendable {
        /// The client's address.
        var address: String?
        /// Method and path template.
        var route: String?
        /// What is audited of it; `nil` for calls that are audited only when refused.
        var action: AuditLine.Action?
        /// Who calls.
        var caller: Caller?
        /// The server of the fleet that the call is about.
        var server: ServerName?
        /// The browser that the call is about, or that it made.
        var browser: BrowserID?
        /// Why it failed.
        var problem: ProblemCode?
    }

    /// The notes of the call that this task answers.
    @TaskLocal static var current: RequestNotes?

    /// Where the call comes from.
    let origin: CallOrigin
    private let state: Mutex<Content>

    init(_ origin: CallOrigin) {
        self.origin = origin
        state = Mutex(Content(address: origin.address?.description))
    }

    /// What is known so far.
    var content: Content { state.withLock(\.self) }

    /// Adds to the notes of the present call, if there is one.
    static func add(_ change: (inout Content) -> Void) {
        current?.state.withLock { change(&$0) }
    }
}
