// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Something of a client that others may be waiting for.
struct Hold: Equatable, Sendable {
    /// The place of the session that holds it.
    let session: Int
    let kind: Kind
    let since: FleetInstant
    /// The frame whose request is paused. The main frame of a page has the page's name.
    var frame: String?

    /// What is held.
    enum Kind: Equatable, Sendable {
        /// A page or worker that waits before its first statement.
        case child
        /// A paused request.
        case request(String)
        /// A request that waits for a user name and password.
        case credentials(String)

        /// Chromium's name of the request.
        var requestID: String? {
            switch self {
            case .child: nil
            case .request(let id), .credentials(let id): id
            }
        }
    }

    /// The call that lets go of it.
    func release(id: Int32, sessionID: String) -> [UInt8] {
        switch kind {
        case .child:
            CallMessage.encode(
                id: id, method: KnownMethod.runIfWaitingForDebugger.rawValue, sessionID: sessionID)
        case .request(let request):
            CallMessage.encode(
                id: id, method: KnownMethod.continueRequest.rawValue,
                params: ["requestId": .string(request)], sessionID: sessionID)
        case .credentials(let request):
            CallMessage.encode(
                id: id, method: KnownMethod.continueWithAuth.rawValue,
                params: [
                    "requestId": .string(request),
                    "authChallengeResponse": ["response": "Default"],
                ], sessionID: sessionID)
        }
    }
}
