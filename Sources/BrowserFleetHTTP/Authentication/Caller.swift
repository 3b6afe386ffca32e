// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore

/// Who makes a request.
enum Caller: Hashable, Sendable {
    /// The holder of an API key.
    case key(APIKey)
    /// The holder of a JWT.
    case subject(JWTSubject)
    /// The holder of a token of the browser that the request names, and whose browser it is.
    case token(TokenScope, owner: String)
    /// Anybody, on a server without keys that was told to serve anybody.
    case anybody
    /// Another server of the fleet, on its own account.
    case server

    /// The owner of what the caller makes.
    var owner: String {
        switch self {
        case .key(let key): key.id
        case .subject(let subject): subject.owner
        case .token(_, let owner): owner
        case .anybody: "anybody"
        case .server: "fleet"
        }
    }

    /// The name for people.
    var name: String {
        switch self {
        case .key(let key): key.name
        case .subject(let subject): subject.name
        case .token(let scope, _): "\(scope.rawValue) token"
        case .anybody: "anybody"
        case .server: "a server"
        }
    }

    /// What the caller may take.
    var limits: KeyLimits {
        switch self {
        case .key(let key): key.limits
        case .subject, .token, .anybody, .server: .unlimited
        }
    }

    /// Whether the caller sees what others made.
    var seesAll: Bool {
        switch self {
        case .key(let key): key.allows(.admin)
        case .subject(let subject): subject.allows(.admin)
        case .token, .server: false
        case .anybody: true
        }
    }

    /// Whether the caller's key has the scope.
    func allows(_ scope: KeyScope) -> Bool {
        switch self {
        case .key(let key): key.allows(scope)
        case .subject(let subject): subject.allows(scope)
        case .token, .server: false
        case .anybody: true
        }
    }
}
