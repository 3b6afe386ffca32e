// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why the HTTP server cannot start; one line for people.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// Another process listens there.
        case portInUse = "port-in-use"
        /// The address is not one of this machine, or not allowed.
        case cannotListen = "cannot-listen"
        /// An address beyond loopback, and no key.
        case noKeys = "no-keys"
        /// The certificate or its key cannot be used.
        case badCertificate = "bad-certificate"
        /// A setting makes no sense.
        case badSetting = "bad-setting"
        /// The server has stopped, so it has no port.
        case stopped
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and how to mend it.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
