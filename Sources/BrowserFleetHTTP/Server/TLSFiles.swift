// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// Reads the certificate of a server.
enum TLSFiles {
    /// The context for a certificate and its key.
    ///
    /// - Throws: `bad-certificate`, with the file.
    static func context(_ files: HTTPConfiguration.TLS) throws(HTTPServerError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificatePath)
            let key = try NIOSSLPrivateKey(file: files.privateKeyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.applicationProtocols = ["http/1.1"]
            configuration.minimumTLSVersion = .tlsv12
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HTTPServerError(
                .badCertificate,
                "The certificate \(files.certificatePath) and key \(files.privateKeyPath) cannot "
                    + "be used: \(error).")
        }
    }
}
