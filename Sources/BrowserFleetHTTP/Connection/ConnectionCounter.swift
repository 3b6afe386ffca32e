// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import NIOCore
import Synchronization

/// Counts connections, in all and by address, so that no client can take all of them.
final class ConnectionCounter: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let most: Int
    private let mostPerAddress: Int
    private let exempt: Set<String>

    /// Creates a counter.
    ///
    /// - Parameters:
    ///   - most: connections at once.
    ///   - mostPerAddress: connections at once from one address.
    ///   - exempt: addresses of proxies, which carry many clients.
    init(most: Int, mostPerAddress: Int, exempt: [String] = []) {
        self.exempt = Set(exempt)
        self.most = most
        self.mostPerAddress = mostPerAddress
    }

    /// Connections now.
    var total: Int { counts.withLock(\.total) }

    /// Counts a connection until it closes.
    ///
    /// - Returns: what to answer instead of serving it, if it is one too many.
    func admit(_ channel: any Channel) -> Problem? {
        let address = channel.remoteAddress?.ipAddress ?? "local"
        let (total, fromAddress) = counts.withLock { counts in
            counts.total += 1
            counts.byAddress[address, default: 0] += 1
            return (counts.total, counts.byAddress[address] ?? 0)
        }
        channel.closeFuture.whenComplete { [self] _ in release(address) }
        let isOver = fromAddress > mostPerAddress && !exempt.contains(address)
        guard total > most || isOver else { return nil }
        return Problem(
            .tooManyConnections, "There are too many connections; close some and try again.",
            retryAfter: .seconds(5))
    }

    private func release(_ address: String) {
        counts.withLock { counts in
            counts.total -= 1
            let left = (counts.byAddress[address] ?? 1) - 1
            counts.byAddress[address] = left > 0 ? left : nil
        }
    }
}
