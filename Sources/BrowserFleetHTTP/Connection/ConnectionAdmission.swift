// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import NIOCore

/// Whether one connection is served, by the bounds on connections in all and from one address; used
/// on its event loop.
final class ConnectionAdmission {
    private let counter: ConnectionCounter
    private let channel: any Channel
    private var refusalOfAll: Problem?
    private var refusalOfAddress: Problem?
    private var claims: [AddressClaim] = []

    /// Counts a connection until it closes.
    init(_ channel: any Channel, by counter: ConnectionCounter) {
        self.counter = counter
        self.channel = channel
        refusalOfAll = obey(counter.admit(channel))
    }

    /// What a request is answered with because its connection is one too many.
    var refusal: Problem? { refusalOfAll ?? refusalOfAddress }

    /// Whether the connection counts for an address.
    var isCounted: Bool { !claims.isEmpty }

    /// Counts the connection for its client's address too.
    func count(from address: IPAddress) {
        let (admission, claim) = counter.claim(channel, from: address)
        claims.append(claim)
        refusalOfAddress = obey(admission) ?? refusalOfAddress
    }

    /// The connection is a gateway's: it carries many clients, and the gateway counts those.
    func belongsToGateway() {
        for claim in claims { claim.release() }
        claims = []
        refusalOfAddress = nil
    }

    private func obey(_ admission: ConnectionCounter.Admission) -> Problem? {
        guard case .dropped = admission else { return admission.problem }
        // Not within the set-up of the pipeline, which is finished first.
        channel.eventLoop.execute { [channel] in channel.close(promise: nil) }
        return nil
    }
}
