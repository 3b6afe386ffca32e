// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The events that the bridge learns something from; all others are only routed.
enum KnownEvent: String, CaseIterable, Sendable {
    case attachedToTarget = "Target.attachedToTarget"
    case detachedFromTarget = "Target.detachedFromTarget"
    case targetCreated = "Target.targetCreated"
    case targetInfoChanged = "Target.targetInfoChanged"
    case targetDestroyed = "Target.targetDestroyed"
    case requestPaused = "Fetch.requestPaused"
    case authRequired = "Fetch.authRequired"

    /// The event whose name stands at `range` of `message`.
    @inline(__always)
    static func find(_ message: borrowing Span<UInt8>, in range: Range<Int>) -> KnownEvent? {
        guard range.count > 7 else { return nil }
        switch message[range.lowerBound] {
        case UInt8(ascii: "T"):
            guard message.holds("Target.", at: range.lowerBound) else { return nil }
        case UInt8(ascii: "F"):
            guard message.holds("Fetch.", at: range.lowerBound) else { return nil }
        default: return nil
        }
        return KnownEvent(rawValue: JSONReader.string(message, in: range))
    }
}
