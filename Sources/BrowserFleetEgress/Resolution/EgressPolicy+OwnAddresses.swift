// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
import NIOCore
import NIOPosix

extension EgressPolicy {
    /// The addresses of this host's interfaces, for `ownAddresses`. Reads them anew each time.
    ///
    /// - Throws: `IOError` if the interfaces cannot be listed.
    public static func addressesOfThisHost() throws -> Set<IPAddress> {
        Set(
            try System.enumerateDevices().compactMap { device in
                device.address?.ipAddress.flatMap { IPAddress($0.prefix { $0 != "%" }) }?.canonical
            })
    }
}
