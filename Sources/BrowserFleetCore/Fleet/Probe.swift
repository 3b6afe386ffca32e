// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One question to a server: a call that answers with its report. Every probe is answered once to
/// ``FleetView/Event/probed(_:_:)``, at the latest when its patience is over.
public struct Probe: Hashable, Sendable {
    /// What the question is for.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The regular check of its health; only these count for rise and fall.
        case check
        /// It is silent: does it live?
        case suspicion
        /// Another is silent: does this one answer?
        case rollCall = "roll-call"
    }

    /// Of all probes of a gateway, the how manyeth.
    public var number: Int
    /// Whom to ask.
    public var server: ServerName
    /// Where.
    public var endpoint: ServerEndpoint
    /// What for.
    public var kind: Kind
    /// Under which epoch the server is listened to; goes with the question. A process that is asked
    /// under another one's epoch, whose number is not below its own, is not listened to: it is to
    /// take a higher number or to end (``NameClaim/Event/refused(newest:)``).
    public var newest: ServerEpoch?
    /// How long it may take. A suspicion needs a connection of its own, because the kept one may
    /// be what is broken.
    public var patience: Duration
}

/// What a server answered to a probe.
public struct ProbeAnswer: Hashable, Sendable {
    /// How long it took.
    public var responseTime: Duration
    /// Who answered; `nil` if the server does not say.
    public var epoch: ServerEpoch?
    /// How it is; `nil` if the server does not say.
    public var report: ServerReport?

    /// Creates an answer.
    public init(
        responseTime: Duration, epoch: ServerEpoch? = nil, report: ServerReport? = nil
    ) {
        self.responseTime = responseTime
        self.epoch = epoch
        self.report = report
    }
}
