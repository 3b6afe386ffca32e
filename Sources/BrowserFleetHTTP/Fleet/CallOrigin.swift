// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import HTTPTypes

/// Where a call comes from, as far as it is believed: the far end of the connection, what trusted
/// proxies say of it, or what a gateway of this fleet signed.
struct CallOrigin: Sendable {
    /// The client's address.
    var address: IPAddress?
    /// The `Host` that the client named.
    var authority: String?
    /// Whether the client came by TLS; `nil` is as this server listens.
    var isSecure: Bool?
    /// The path in front of the one that the client asked a gateway for; empty for none.
    var prefix = ""
    /// What a server of this fleet signed; `nil` if none did.
    var signed: VerifiedCall?
    /// Why the signature is not believed.
    var problem: Problem?

    /// Whether another server of this fleet makes the call, be it for a client.
    var isInternal: Bool { signed != nil }

    /// Whether a gateway counted the call against the limits of its client. It does so with what it
    /// answers itself, creates and lists; what is about a browser it passes on unread.
    func isCounted(_ path: String?) -> Bool {
        isInternal && path.flatMap(ForwardedTarget.browserID) == nil
    }
}

extension FleetService {
    /// The origin of the call that this task answers.
    var origin: CallOrigin { RequestNotes.current?.origin ?? CallOrigin() }

    /// Finds out where a call comes from.
    func origin(of head: HTTPRequest, _ client: ConnectedClient?) -> CallOrigin {
        var origin = CallOrigin(
            address: client?.address(of: head.headerFields), authority: head.authority)
        if let client, client.isBehindProxy,
            let scheme = head.headerFields.only(InternalHeader.scheme)
        {
            origin.isSecure = scheme == "https"
        }
        guard let signer = fleet?.signer else { return origin }
        do throws(Problem) {
            origin.signed = try signer.verify(
                method: head.method.rawValue, target: head.path ?? "", head.headerFields,
                at: Self.wallTime())
        } catch {
            origin.problem = error
        }
        guard let call = origin.signed?.call, let host = call.host else { return origin }
        origin.address = call.address.flatMap { IPAddress($0)?.canonical } ?? origin.address
        origin.authority = host
        origin.isSecure = call.scheme == "https"
        origin.prefix = call.prefix ?? ""
        return origin
    }
}
