// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why a gateway cannot be made.
public struct GatewayError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public struct Code: Sendable, Hashable {
        private enum Base {
            case badCertificateAuthority
        }

        private let base: Base

        /// The file of certificates that servers are trusted by cannot be used.
        public static let badCertificateAuthority = Code(base: .badCertificateAuthority)
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, in one sentence.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
