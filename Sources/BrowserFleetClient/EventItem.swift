// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
import Foundation

/// What comes on a stream of events.
public enum EventItem: Hashable, Sendable {
    /// Something happened.
    case event(EventMessage)
    /// Events before the next one may be missing.
    case gap(StreamNotice)
    /// The server ends the stream; begin again behind the last event.
    case end(StreamNotice)

    /// Reads an event as it came; `nil` for what this version does not know.
    init?(_ event: ServerSentEvent) {
        let (decoder, data) = (JSONDecoder(), Data(event.data.utf8))
        switch event.name {
        case "gap", "end":
            guard let notice = try? decoder.decode(StreamNotice.self, from: data) else {
                return nil
            }
            self = event.name == "gap" ? .gap(notice) : .end(notice)
        case _:
            guard let message = try? decoder.decode(EventMessage.self, from: data) else {
                return nil
            }
            self = .event(message)
        }
    }
}
