// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One answer of Redis.
enum RedisReply: Hashable, Sendable {
    /// A text; bytes that are no UTF-8 are replaced.
    case text(String)
    case integer(Int64)
    case array([RedisReply])
    case null
    /// A refusal, which begins with a word such as `NOAUTH`.
    case failure(String)

    /// The text; `nil` for everything else.
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The members; none for everything else.
    var members: [RedisReply] {
        if case .array(let members) = self { members } else { [] }
    }
}
