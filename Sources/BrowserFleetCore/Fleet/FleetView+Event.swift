// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FleetView {
    /// What a view is told.
    public enum Event: Hashable, Sendable {
        /// The timer of ``FleetView/nextDeadline`` fired. Harmless when early.
        case woke
        /// There is a server, says a list or an operator. Said again it replaces what was said.
        case entered(ServerEntry)
        /// There is not; all that is known of it is forgotten.
        case removed(ServerName)
        /// A server reported itself; answered by ``FleetView/Action/answer(_:_:)``.
        case heartbeat(Heartbeat)
        /// A probe was answered, or (`nil`) was not or not in order.
        case probed(Probe, ProbeAnswer?)
        /// A real call to a server ended. It failed if the server broke it: no connection, no
        /// answer, or one that only a broken server gives. A refusal in good order is no failure.
        case called(ServerName, failed: Bool)
        /// An operator said something of a server.
        case marked(ServerName, ServerMark)
        /// A server's process said good-bye: its browsers are gone, its name is kept for it.
        case left(ServerName, ServerEpoch)
    }

    /// What a view wants done.
    public enum Action: Hashable, Sendable {
        /// The answer to the heartbeat of this server that was just taken; exactly one for each.
        case answer(ServerName, HeartbeatAnswer)
        /// Ask a server for its report.
        case probe(Probe)
        /// A server does not answer its probes: calls that wait for it should go elsewhere. Its
        /// leases are not given up. Said once for each silence.
        case silent(ServerName)
        /// A server is given up: its leases are gone, its clients are told, its assignments move.
        /// Said once, until ``returned(_:)``.
        case lost(ServerName)
        /// A server that was given up is there again.
        case returned(ServerName)
        /// Another process has a server's name now: the leases of the one before are gone.
        case replaced(ServerName, by: ServerEpoch)
        /// A server's standing changed: for events, logs and metrics.
        case changed(
            ServerName, from: ServerStanding, to: ServerStanding, because: StandingReason)
    }
}
