// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension HTTPServerError {
    /// The one line for a server that could not listen.
    init(listening error: any Error, _ configuration: HTTPConfiguration) {
        let place = "\(configuration.host):\(configuration.port)"
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(
                .portInUse,
                "\(place) is in use by another process; stop it, or choose another port with "
                    + "--port.")
        case EACCES:
            self.init(
                .cannotListen,
                "\(place) is not allowed to this user; ports below 1024 belong to root.")
        case EADDRNOTAVAIL:
            self.init(.cannotListen, "\(configuration.host) is not an address of this machine.")
        default:
            self.init(.cannotListen, "Listening on \(place) failed: \(error).")
        }
    }
}
