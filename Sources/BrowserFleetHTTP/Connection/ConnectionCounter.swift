// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import NIOCore
import Synchronization

/// Counts connections, in all and by address, so that no client can take all of them.
final class ConnectionCounter: Sendable {
    /// What becomes of a new connection.
    enum Admission: Equatable {
        case served
        /// It is one too many, and hears so.
        case refused(Problem)
        /// So many are one too many that it is closed at once: hearing so takes a descriptor for a while.
        case dropped

        /// What to answer to a call instead of serving it.
        var problem: Problem? {
            switch self {
            case .served: nil
            case .refused(let problem): problem
            case .dropped: ConnectionCounter.problem
            }
        }
    }

    /// Connections over a bound that still hear why they are refused.
    static let refusedPolitely = 64

    private struct Counts {
        var total = 0
        var byClient: [IPNetwork: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let most: Int
    private let mostPerAddress: Int

    /// Creates a counter.
    ///
    /// - Parameters:
    ///   - most: connections at once.
    ///   - mostPerAddress: connections at once from one address.
    init(most: Int, mostPerAddress: Int) {
        self.most = most
        self.mostPerAddress = mostPerAddress
    }

    /// Connections now.
    var total: Int { counts.withLock(\.total) }

    /// Counts a connection until it closes.
    ///
    /// - Returns: whether it is served.
    func admit(_ channel: any Channel) -> Admission {
        let total = counts.withLock { counts in
            counts.total += 1
            return counts.total
        }
        channel.closeFuture.whenComplete { [self] _ in counts.withLock { $0.total -= 1 } }
        return Self.admission(total, of: most)
    }

    /// Counts a connection for its client's address until it closes.
    ///
    /// - Returns: whether it is served.
    func admit(_ channel: any Channel, from address: IPAddress) -> Admission {
        claim(channel, from: address).admission
    }

    /// Counts a connection for its client's address until it closes, or the claim is released.
    ///
    /// - Returns: whether it is served, and what it counts by.
    func claim(
        _ channel: any Channel, from address: IPAddress
    ) -> (admission: Admission, claim: AddressClaim) {
        let client = IPNetwork(ofClientAt: address)
        let fromClient = counts.withLock { counts in
            counts.byClient[client, default: 0] += 1
            return counts.byClient[client] ?? 0
        }
        let claim = AddressClaim { [self] in release(client) }
        channel.closeFuture.whenComplete { _ in claim.release() }
        return (Self.admission(fromClient, of: mostPerAddress), claim)
    }

    private static func admission(_ count: Int, of most: Int) -> Admission {
        guard count > most else { return .served }
        return count - most > refusedPolitely ? .dropped : .refused(problem)
    }

    private func release(_ client: IPNetwork) {
        counts.withLock { counts in
            let left = (counts.byClient[client] ?? 1) - 1
            counts.byClient[client] = left > 0 ? left : nil
        }
    }

    private static var problem: Problem {
        Problem(
            .tooManyConnections, "There are too many connections; close some and try again.",
            retryAfter: .seconds(5))
    }
}

/// What a connection counts by for its client's address.
final class AddressClaim: Sendable {
    private let onRelease: Mutex<(@Sendable () -> Void)?>

    fileprivate init(onRelease: @escaping @Sendable () -> Void) {
        self.onRelease = Mutex(onRelease)
    }

    /// Counts no longer; a second time does nothing.
    func release() {
        let action = onRelease.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}
