// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import NIOCore

/// A client as the core keeps it, used on the home loop only.
final class Attachment {
    let client: ClientID
    let sink: any DevToolsClientSink
    let isInternal: Bool
    /// Whether the sink lives on the home loop: then it is called at once. The home stays where it
    /// is while a client of others is attached.
    let isAtHome: Bool
    var level = QueueLevel.low
    /// Whether something was sent that is not flushed yet.
    var isTouched = false
    /// Length of the message sent last: one message may be larger than the bound, two may not.
    var lastLength = 0

    init(client: ClientID, sink: any DevToolsClientSink, isInternal: Bool, home: any EventLoop) {
        self.client = client
        self.sink = sink
        self.isInternal = isInternal
        self.isAtHome = isInternal || sink.eventLoop === home
    }
}
