// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Where a call about one browser goes.
public enum Route: Hashable, Sendable {
    /// To this process.
    case local(by: Rule)
    /// To another server.
    case remote(ServerEndpoint, by: Rule)
    /// Nowhere: the caller gets an error, and nothing is dialled.
    case unknown(Reason)

    /// What decided a route; the words of `GET /resolve/:id`.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        /// The ID names this server.
        case ownName = "own-name"
        /// The directory knows the server.
        case directory
        /// The server lies below an allowed domain.
        case domainSuffix = "domain-suffix"
        /// The ID names no server, and there is one for such IDs.
        case fallback
    }

    /// Why there is no route.
    public enum Reason: Hashable, Sendable {
        /// The ID names no server and no fallback server is set.
        case noServerInID
        /// The ID names a server that neither the directory nor an allowed domain knows.
        case serverNotKnown(ServerName)
        /// The ID names no server and the fallback server is itself not known.
        case fallbackNotKnown(ServerName)
    }
}

extension Route.Reason: CustomStringConvertible {
    /// What is wrong and how to mend it, in one line for people.
    public var description: String {
        switch self {
        case .noServerInID:
            "the browser ID names no server; use the whole ID that the create call answered, "
                + "or set FALLBACK_SERVER"
        case .serverNotKnown(let server):
            "the browser ID names the server \"\(server)\", which is not part of this fleet"
        case .fallbackNotKnown(let server):
            "the browser ID names no server, and FALLBACK_SERVER \"\(server)\" is not known"
        }
    }
}
