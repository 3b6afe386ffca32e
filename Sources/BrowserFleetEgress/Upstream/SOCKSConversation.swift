// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Asks a SOCKS proxy for a connection (RFC 1928), with user and password if there are any
/// (RFC 1929). Names are handed over as names: the proxy resolves them, as Chromium has it.
struct SOCKSConversation: UpstreamConversation {
    private enum State: Equatable {
        /// The proxy chooses how the relay is to show who it is. Next: `password`, `reply`.
        case method
        /// It judges user and password. Next: `reply`.
        case password
        /// It says whether it has reached the target. Next: `over`.
        case reply
        case over
    }

    private static let version: UInt8 = 5
    private static let noneWanted: UInt8 = 0
    private static let userAndPassword: UInt8 = 2
    private static let noneAcceptable: UInt8 = 0xff

    let opening: [UInt8]
    private let target: EgressTarget
    private let credentials: ProxyCredentials?
    private var state = State.method
    private var bytes: [UInt8] = []

    init(target: EgressTarget, credentials: ProxyCredentials?) {
        self.target = target
        self.credentials = credentials
        var methods = [Self.noneWanted]
        if credentials != nil { methods.append(Self.userAndPassword) }
        opening = [Self.version, UInt8(methods.count)] + methods
    }

    mutating func take(_ more: some Sequence<UInt8>) -> UpstreamStep {
        bytes.append(contentsOf: more)
        guard bytes.count >= 2 else { return .incomplete }
        switch state {
        case .method: return methodChosen()
        case .password: return passwordJudged()
        case .reply: return targetReached()
        case .over: return .incomplete
        }
    }

    private mutating func methodChosen() -> UpstreamStep {
        guard bytes[0] == Self.version else { return end(.failed(.proxyRefused)) }
        let method = bytes[1]
        bytes.removeFirst(2)
        switch (method, credentials) {
        case (Self.noneWanted, _):
            state = .reply
            return .send(request)
        case (Self.userAndPassword, let credentials?):
            state = .password
            return .send(credentials.socksMessage)
        case (Self.noneAcceptable, _):
            return end(.failed(.proxyAuthenticationFailed))
        case (_, _):
            return end(.failed(.proxyRefused))
        }
    }

    private mutating func passwordJudged() -> UpstreamStep {
        guard bytes[1] == 0 else { return end(.failed(.proxyAuthenticationFailed)) }
        bytes.removeFirst(2)
        state = .reply
        return .send(request)
    }

    private mutating func targetReached() -> UpstreamStep {
        guard bytes[0] == Self.version else { return end(.failed(.proxyRefused)) }
        guard bytes[1] == 0 else { return end(.failed(Self.failure(of: bytes[1]))) }
        guard bytes.count >= 5 else { return .incomplete }
        guard let length = Self.replyLength(kind: bytes[3], first: bytes[4]) else {
            return end(.failed(.proxyRefused))
        }
        guard bytes.count >= length else { return .incomplete }
        return end(.open(rest: Array(bytes.dropFirst(length))))
    }

    private mutating func end(_ step: UpstreamStep) -> UpstreamStep {
        state = .over
        bytes = []
        return step
    }

    private var request: [UInt8] {
        [Self.version, 1, 0] + address + [UInt8(target.port >> 8), UInt8(target.port & 0xff)]
    }

    private var address: [UInt8] {
        switch target.literal {
        case .v4(let bits)?:
            [1] + stride(from: 24, through: 0, by: -8).map { UInt8(bits >> UInt32($0) & 0xff) }
        case .v6(let bits)?:
            [4] + stride(from: 120, through: 0, by: -8).map { UInt8(bits >> UInt128($0) & 0xff) }
        case nil:
            // At most 253 bytes, which `EgressTarget` sees to.
            [3, UInt8(target.host.utf8.count)] + Array(target.host.utf8)
        }
    }

    /// Bytes of the whole reply: four, the address it was reached from, a port.
    private static func replyLength(kind: UInt8, first: UInt8) -> Int? {
        switch kind {
        case 1: 4 + 4 + 2
        case 3: 4 + 1 + Int(first) + 2
        case 4: 4 + 16 + 2
        case _: nil
        }
    }

    /// RFC 1928 section 6: 3 to 6 speak of the target, the others of the proxy's will.
    private static func failure(of reply: UInt8) -> EgressFailure {
        (3...6).contains(reply) ? .unreachable : .proxyRefused
    }
}
