// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// What the pool is told. Events about a slot, lease or request that is gone are ignored, so
    /// the driver need not know what the machine knows.
    public enum Event: Hashable, Sendable {
        /// The driver runs: warm browsers may be launched.
        case started
        /// The timer of ``PoolMachine/nextDeadline`` fired. Harmless when early.
        case woke

        /// A caller wants a browser.
        case requested(PoolRequest)
        /// A caller went away before it heard its answer. If a grant was already on the way, the
        /// lease ends as ``EndReason/abandoned``. Not for a caller that has heard: its lease ends
        /// by ``finish(_:_:)``.
        case cancelled(RequestID)

        /// A launch succeeded: the browser answers.
        case launched(SlotID)
        /// A launch failed. ``ended(_:)`` follows when nothing of it is left.
        case launchFailed(SlotID, LaunchBlame)
        /// A browser's processes are gone though nobody asked, or it no longer answers.
        /// ``ended(_:)`` follows when nothing of it is left.
        case broke(SlotID, Breakage)
        /// Nothing of this occupation of the slot is left: no process, jail or file. Only this
        /// frees the slot. The last event that names the slot's ID.
        case ended(SlotID)

        /// A client connected.
        case connected(LeaseID, ConnectionID)
        /// A client's connection is gone.
        case disconnected(LeaseID, ConnectionID)
        /// The browser was used without a connection, as by a screenshot call.
        case used(LeaseID)
        /// Answers ``PoolMachine/Action/probeActivity(_:)``: when a CDP message last passed or
        /// somebody last watched (`nil`: never), and how many people watch now.
        case activity(LeaseID, last: FleetInstant?, viewers: Int)
        /// The lease is to end now, for a reason that arises outside: ``EndReason/deleted``,
        /// ``EndReason/clientClosed``, ``EndReason/unhealthy``, ``EndReason/abandoned``.
        case finish(LeaseID, EndReason)
        /// Memory of a browser's process tree in bytes (PSS).
        case memory(SlotID, bytes: Int64)

        /// How busy the machine is.
        case sampled(PressureSample)
        /// Take no new leases; those there are end as ``EndReason/drained`` at the instant given.
        /// A second drain can only bring that forward.
        case drain(by: FleetInstant)
        /// End everything now as ``EndReason/serverStopping``.
        case stop
        /// Stop draining and take leases again. Ignored after ``stop``.
        case resume
    }

    /// Whose fault a failed launch is.
    public enum LaunchBlame: Hashable, Sendable {
        /// The machine's, or nobody knows: counts towards the quarantine.
        case server
        /// The properties': callers that want them are refused, the quarantine is not touched.
        case properties
    }

    /// How a browser broke.
    public enum Breakage: Hashable, Sendable {
        /// Its processes ended.
        case crashed
        /// It does not answer.
        case unhealthy

        /// The reason its end gets.
        package var reason: EndReason {
            switch self {
            case .crashed: .crashed
            case .unhealthy: .unhealthy
            }
        }
    }
}
