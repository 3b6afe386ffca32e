// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificate of a server, read again when its files have changed. Connections that are open
/// keep what they began with.
final class TLSFiles: Sendable {
    private struct State {
        var context: NIOSSLContext
        var stamps: [PrivateFile.Stamp?]
        var checkedAt: FleetInstant
    }

    private static let pace = Duration.seconds(1)

    private let files: HTTPConfiguration.TLS
    private let now: @Sendable () -> FleetInstant
    private let logger: Logger
    private let state: Mutex<State>

    /// Reads the certificate and its key.
    ///
    /// - Parameters:
    ///   - files: where they are.
    ///   - now: a monotonic clock, for the pace of looking at them.
    ///   - logger: hears of a new certificate, and of one that cannot be used.
    /// - Throws: `bad-certificate`, with the files.
    init(
        _ files: HTTPConfiguration.TLS, now: @escaping @Sendable () -> FleetInstant, logger: Logger
    ) throws(HTTPServerError) {
        self.files = files
        self.now = now
        self.logger = logger
        let stamps = Self.stamps(files)
        state = Mutex(
            State(context: try Self.context(files), stamps: stamps, checkedAt: now()))
    }

    /// What a new connection begins with.
    ///
    /// A key that does not fit its certificate, as for a moment while both are replaced, is not
    /// taken; the next connection looks again.
    func context() -> NIOSSLContext {
        let instant = now()
        let (current, seen) = state.withLock { state -> (NIOSSLContext, [PrivateFile.Stamp?]?) in
            guard state.checkedAt.duration(to: instant) >= Self.pace else {
                return (state.context, nil)
            }
            state.checkedAt = instant
            return (state.context, state.stamps)
        }
        guard let seen else { return current }
        let stamps = Self.stamps(files)
        guard stamps != seen else { return current }
        do throws(HTTPServerError) {
            let context = try Self.context(files)
            state.withLock { state in
                state.context = context
                state.stamps = stamps
            }
            logger.notice("the certificate \(files.certificatePath) was read again")
            return context
        } catch {
            logger.warning("\(error.message) The old one stays in use.")
            return current
        }
    }

    private static func stamps(_ files: HTTPConfiguration.TLS) -> [PrivateFile.Stamp?] {
        [PrivateFile.stamp(files.certificatePath), PrivateFile.stamp(files.privateKeyPath)]
    }

    private static func context(
        _ files: HTTPConfiguration.TLS
    ) throws(HTTPServerError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificatePath)
            let key = try NIOSSLPrivateKey(file: files.privateKeyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.applicationProtocols = ["http/1.1"]
            configuration.minimumTLSVersion = .tlsv12
            // A client that keeps a connection and does not read it would hold up a stop.
            configuration.shutdownTimeout = .seconds(1)
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HTTPServerError(
                .badCertificate,
                "The certificate \(files.certificatePath) and key \(files.privateKeyPath) cannot "
                    + "be used: \(error).")
        }
    }
}
