// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a gateway makes of a server, in one word; each lists what may follow.
public enum ServerStanding: String, Hashable, Sendable, CaseIterable {
    /// Entered, and never heard of -> `active`, `draining`, `unhealthy`.
    case neverConnected = "never-connected"
    /// It is given browsers -> every other but `never-connected`.
    case active
    /// It takes no new leases, by its own word or an operator's -> every other but
    /// `never-connected`.
    case draining
    /// It said good-bye -> `active`, `draining`, `suspect`, `unhealthy`, when a new process comes.
    case inactive
    /// It fell silent and is being asked. It gets no browsers -> every other but
    /// `never-connected`.
    case suspect
    /// Its checks or its calls fail, or an operator says so. It gets no browsers while others can
    /// have them; its leases run on -> every other but `never-connected`.
    case unhealthy
    /// It did not answer either: its leases are given up -> `active`, `draining`, `unhealthy`,
    /// when it is heard of again, `inactive`.
    case lost
}

/// Why a standing changed.
public enum StandingReason: String, Hashable, Sendable, CaseIterable {
    /// The server was heard of.
    case heard
    /// It said so itself: it drains, or no longer does.
    case ownWord = "own-word"
    /// It said good-bye.
    case goodbye
    /// It fell silent.
    case silent
    /// It did not answer probes either.
    case unanswered
    /// Enough checks in a row failed.
    case checksFailed = "checks-failed"
    /// Enough checks in a row passed.
    case checksPassed = "checks-passed"
    /// Too many real calls in a row failed.
    case callsFailed = "calls-failed"
    /// The time for which failed calls kept it out is over.
    case callsForgiven = "calls-forgiven"
    /// An operator.
    case byHand = "by-hand"
}

/// What an operator says of a server.
public enum ServerMark: String, Hashable, Sendable, CaseIterable {
    /// It takes no new leases, whatever it says itself.
    case drain
    /// It takes new leases again.
    case activate
    /// It is well, whatever its checks and calls say.
    case healthy
    /// It is not.
    case unhealthy
    /// Its checks and calls say how it is.
    case byChecks = "by-checks"
}

/// Where calls about a server's browsers go.
public enum OwnerStanding: Hashable, Sendable {
    /// To this process.
    case own
    /// To the server.
    case reachable(ServerName, ServerEndpoint)
    /// To the server, though it answered no probe: nobody else can answer for it. If it does not
    /// answer soon that is said (502 `owner-unreachable`).
    case unreachable(ServerName, ServerEndpoint)
    /// Nowhere: its browsers are gone (410 `server-lost`).
    case lost(ServerName)
    /// No such server is known here.
    case unknown
}
