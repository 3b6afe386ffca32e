// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Resolves by the host's own resolver (`getaddrinfo`), each name on a thread of its own: the call
/// blocks, cannot be cancelled, and must hold up neither an event loop nor a thread that anybody
/// else needs. `NameLookups` bounds how many there are.
struct SystemNameResolver: NameResolver {
    func resolve(_ host: String) async throws -> [IPAddress] {
        let addresses = try await withCheckedThrowingContinuation { caller in
            Thread.detachNewThread { caller.resume(with: Result { try Self.lookUp(host) }) }
        }
        guard !addresses.isEmpty else { throw ResolutionError.notFound }
        return addresses
    }

    private static func lookUp(_ host: String) throws -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        #else
        unsafe hints.ai_socktype = CInt(SOCK_STREAM)
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, &hints, &list)
        defer {
            if let list = unsafe list { unsafe freeaddrinfo(list) }
        }
        guard status == 0 else { throw error(of: status) }
        return unsafe addresses(in: list)
    }

    private static func error(of status: CInt) -> ResolutionError {
        switch status {
        case EAI_AGAIN, EAI_SYSTEM, EAI_MEMORY: .unavailable
        default: .notFound
        }
    }

    private static func addresses(in list: UnsafeMutablePointer<addrinfo>?) -> [IPAddress] {
        var found: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(of: entry.pointee), !found.contains(address) {
                found.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    /// Where an address stands in `sockaddr_in` and `sockaddr_in6`: behind family and port, and
    /// behind the flow label too. Read by offset, because the structures' fields belong to whichever
    /// C module the optimiser meets first.
    private static let offsets = (ipv4: 4, ipv6: 8)

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let raw = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET:
            let word = unsafe raw.loadUnaligned(fromByteOffset: offsets.ipv4, as: UInt32.self)
            return .v4(UInt32(bigEndian: word))
        case AF_INET6:
            let word = unsafe raw.loadUnaligned(fromByteOffset: offsets.ipv6, as: UInt128.self)
            return .v6(UInt128(bigEndian: word))
        default:
            return nil
        }
    }
}
