// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

import NIOCore

/// The descriptor that a relay was given.
enum ListeningSocket {
    /// Throws if `descriptor` is no open stream socket: NIO would stop the process over it.
    static func check(_ descriptor: CInt) throws {
        var kind: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        let status = unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &length)
        guard status == 0 else {
            throw IOError(errnoCode: errno, reason: "the listening socket cannot be used")
        }
        guard kind == streamKind else {
            throw IOError(errnoCode: EPROTOTYPE, reason: "the listening socket is no stream socket")
        }
    }

    #if canImport(Glibc)
    private static let streamKind = CInt(SOCK_STREAM.rawValue)
    #else
    private static let streamKind = SOCK_STREAM
    #endif

    static func close(_ descriptor: CInt) {
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #else
        _ = Darwin.close(descriptor)
        #endif
    }
}
