// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Finds ports that nobody listens on.
enum FreePorts {
    /// So many different ones. Somebody else may take one before it is used.
    static func find(_ count: Int) throws -> [Int] {
        let group = MultiThreadedEventLoopGroup.singleton
        let channels = try (0..<count).map { _ in
            try ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).wait()
        }
        defer { for channel in channels { try? channel.close().wait() } }
        return channels.compactMap { $0.localAddress?.port }
    }
}
