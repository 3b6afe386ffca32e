// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A caller's bad news, with what an honest `Retry-After` needs.
public struct Refusal: Hashable, Sendable {
    /// Why no browser was given.
    public enum Reason: Hashable, Sendable {
        /// The wait queue is at its bound. Also said to the last caller of the owner with the most
        /// callers when one of another owner, or of a higher class, comes to a full queue.
        case queueFull
        /// The request's own deadline passed while it waited.
        case queueTimeout
        /// The server takes no new leases.
        case draining
        /// Launches fail and no warm browser is left.
        case quarantined
        /// The machine or its container is short of this resource.
        case pressure(PressureGate.Resource)
        /// Launches with just these properties failed; the fault is the request's.
        case launchFailed
        /// The owner's own limit; said by the limits in front of the pool, never by the machine.
        case keyLimit
        /// The caller went away. Nobody needs to be told, but every request has one answer.
        case cancelled

        /// The word used in the API, metrics and events.
        public var word: String {
            switch self {
            case .queueFull: "queue-full"
            case .queueTimeout: "queue-timeout"
            case .draining: "draining"
            case .quarantined: "quarantined"
            case .pressure(let resource): "\(resource.rawValue)-pressure"
            case .launchFailed: "launch-failed"
            case .keyLimit: "key-limit"
            case .cancelled: "cancelled"
            }
        }
    }

    /// Why no browser was given.
    public var reason: Reason
    /// The request's place in the queue when it was refused, counted from 1: for a full queue the
    /// place it would have had. `nil` where no queue is involved.
    public var place: Int?
    /// How long a request at that place would have to wait, as far as recent grants tell.
    public var estimate: Duration?
    /// When it makes sense to try again here; `nil` where it never does.
    public var retryAfter: Duration?

    /// Creates a refusal.
    public init(
        reason: Reason, place: Int? = nil, estimate: Duration? = nil, retryAfter: Duration? = nil
    ) {
        self.reason = reason
        self.place = place
        self.estimate = estimate
        self.retryAfter = retryAfter
    }
}
