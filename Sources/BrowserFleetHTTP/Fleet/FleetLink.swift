// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
package import BrowserFleetRuntime

/// What ties a server to its fleet.
package struct FleetLink: Sendable {
    /// What is known of the other servers.
    package let driver: FleetDriver
    /// The way to them.
    package let caller: any ServerCaller
    /// Signs calls to them, and checks theirs; `nil` for a server on its own.
    package let signer: InternalSigner?
    /// What the servers share in a store; `nil` if they share none.
    package let shared: SharedFleet?

    /// Ties them together.
    package init(
        driver: FleetDriver, caller: any ServerCaller, signer: InternalSigner?,
        shared: SharedFleet? = nil
    ) {
        self.shared = shared
        self.driver = driver
        self.caller = caller
        self.signer = signer
    }

    /// The way to sign requests that this gateway sends on.
    ///
    /// - Parameter publicURL: where clients reach this server, if that is not by the `Host` that
    ///   they name.
    /// - Returns: makes the header fields of one request; `nil` for a server that sends on nothing.
    package func signing(publicURL: String?) -> (
        @Sendable (
            _ method: String, _ target: String, _ address: String?, _ host: String?,
            _ scheme: String
        ) -> [(name: String, value: String)]
    )? {
        guard let signer, driver.isGateway else { return nil }
        let way = publicURL.flatMap(PublicURL.init)
        let clock = driver.clock
        return { method, target, address, host, scheme in
            var call = InternalCall(method: method, target: target)
            call.address = address
            call.host = way?.authority ?? host
            call.prefix = way?.signedPrefix
            call.scheme = way.map { $0.isSecure ? "https" : "http" } ?? scheme
            return signer.headers(
                for: call, at: Timestamp(millisecondsSince1970: clock.unixMilliseconds))
        }
    }
}
