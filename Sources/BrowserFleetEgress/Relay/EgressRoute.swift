// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// Where new connections of a relay may go, and through what.
struct EgressRoute: Sendable {
    let policy: EgressPolicy
    let upstream: UpstreamProxy?
    /// Present exactly if `upstream` is an https proxy.
    let tls: NIOSSLContext?

    /// - Throws: what NIOSSL throws if the trusted certificates cannot be read.
    init(policy: EgressPolicy, upstream: UpstreamProxy?, trust: UpstreamTrust) throws {
        self.policy = policy
        self.upstream = upstream
        switch upstream?.scheme {
        case .https: tls = try trust.context()
        case .http, .socks5, nil: tls = nil
        }
    }
}

extension UpstreamTrust {
    /// Reading the host's roots takes milliseconds and megabytes, so all relays share them.
    private static let systemContext = Result {
        try NIOSSLContext(configuration: .makeClientConfiguration())
    }

    func context() throws -> NIOSSLContext {
        switch self {
        case .system:
            return try Self.systemContext.get()
        case .file(let path):
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(path)
            return try NIOSSLContext(configuration: configuration)
        }
    }
}
