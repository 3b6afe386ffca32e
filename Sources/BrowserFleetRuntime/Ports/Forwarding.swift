// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// What the data path of a gateway asks for every request that names a browser.
///
/// Called on event loops: an implementation neither blocks nor suspends, and holds a lock for a
/// look-up only.
public protocol Forwarding: Sendable {
    /// Who answers a request about the browser `browserID`.
    func decide(browserID: BrowserID) -> ForwardDecision

    /// Hears how a request that was sent to `server` fared: `failed` when the server could not be
    /// reached or ended the connection without an answer. Any answer is none of those.
    func outcome(of server: ServerName, failed: Bool)

    /// Registers what is done once for each failure of a server, from any thread.
    func onFailure(_ action: @escaping @Sendable (ServerName, ServerFailure) -> Void)
}

/// What becomes known of a server that no longer answers.
public enum ServerFailure: Hashable, Sendable {
    /// It answers nothing, though it may return: requests for it are not waited for, and its
    /// WebSockets stay.
    case silent
    /// It is given up: its WebSockets end with the reason.
    case lost
}

/// The owner of a browser, as the data path needs it.
public enum ForwardDecision: Hashable, Sendable {
    /// This process answers, be it with an error.
    case local
    /// The request goes to that server, once; one that is silent is given little time to answer.
    case remote(ServerName, ServerEndpoint, isSilent: Bool = false)
    /// Nobody can answer; this process says so, to callers that may know.
    case refuse(ForwardRefusal)
}

/// Why no server answers for a browser, in the words of the API.
public enum ForwardRefusal: String, Hashable, Sendable, CaseIterable {
    /// The owner cannot be reached now; it may return.
    case ownerUnreachable = "owner-unreachable"
    /// The owner is lost, and its browsers with it.
    case serverLost = "server-lost"
    /// The ID names a server that is not part of the fleet; it is not dialled.
    case ownerUnknown = "owner-unknown"

    /// The HTTP status of an answer with this word.
    public var status: Int {
        switch self {
        case .ownerUnreachable: 502
        case .serverLost: 410
        case .ownerUnknown: 421
        }
    }
}
