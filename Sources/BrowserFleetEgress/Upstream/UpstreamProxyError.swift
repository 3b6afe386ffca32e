// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a browser's `proxy`: which field of the create call, and how to mend it.
/// Never holds any part of what was written, since that may be a password.
public struct UpstreamProxyError: Error, Hashable, Sendable {
    /// `proxy`, `proxy.server`, `proxy.username`, `proxy.password` or `proxy.bypass`.
    public let field: String
    /// What is wrong and what to write instead, as the end of a sentence.
    public let advice: String
}

extension UpstreamProxyError: CustomStringConvertible {
    /// One line for the caller.
    public var description: String { "\(field): \(advice)" }
}
