// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Joins two connections so that each one's bytes go to the other.
enum Tunnel {
    /// One end, and what must leave its pipeline first, in this order: the last one may hand on
    /// the tunnel's first bytes.
    struct End {
        let channel: any Channel
        let leaving: [any RemovableChannelHandler]
    }

    /// Both channels must be on the calling event loop. Nothing is read until both pipelines are
    /// rebuilt; what a decoder already holds passes through in order.
    static func join(_ first: End, _ second: End, limits: EgressLimits) {
        let ends = TunnelHandler.pair(linger: TimeAmount(limits.lingerDeadline))
        do {
            let leaving =
                try rebuild(first, with: ends.0) + rebuild(second, with: ends.1)
            EventLoopFuture.andAllSucceed(leaving, on: first.channel.eventLoop).assumeIsolated()
                .whenComplete { result in
                    switch result {
                    case .success: ends.0.start()
                    case .failure: ends.0.abort()
                    }
                }
        } catch {
            for channel in [first.channel, second.channel] {
                channel.triggerUserOutboundEvent(AbortConnection(), promise: nil)
            }
        }
    }

    private static func rebuild(
        _ end: End, with handler: TunnelHandler
    ) throws -> [EventLoopFuture<Void>] {
        let pipeline = end.channel.pipeline.syncOperations
        try pipeline.addHandler(handler)
        return end.leaving.map { pipeline.removeHandler($0) }
    }
}
