// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What is said with an upstream proxy before a connection through it carries the target's bytes.
/// A value: bytes in, bytes and a verdict out.
protocol UpstreamConversation: Sendable {
    /// What the relay says first.
    var opening: [UInt8] { get }

    /// Takes what the proxy says. After `.send`, call again without bytes: more may be there.
    mutating func take(_ more: some Sequence<UInt8>) -> UpstreamStep
}

/// Where a conversation with an upstream proxy stands.
enum UpstreamStep: Equatable {
    /// The proxy has to say more.
    case incomplete
    /// The relay has to say this.
    case send([UInt8])
    /// The way is open; the target has sent these bytes already.
    case open(rest: [UInt8])
    /// It never will be.
    case failed(EgressFailure)
}
