// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// An error answer (RFC 9457, `application/problem+json`).
public struct Problem: Error, Hashable, Sendable, Codable {
    /// Where the caller stands in the wait queue, or stood when it was refused.
    public struct Queue: Hashable, Sendable, Codable {
        /// Callers in front, counted from 0.
        public var position: Int
        /// How long the wait would have been, in milliseconds; absent where nothing is known.
        public var estimateMs: Int64?

        /// Creates a place.
        public init(position: Int, estimateMs: Int64? = nil) {
            self.position = position
            self.estimateMs = estimateMs
        }
    }

    /// A URI reference that names the kind of problem: `about:blank#` and the code.
    public var type: String
    /// The kind of problem for people; the same for every problem of a code.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What is wrong in this case and how to mend it.
    public var detail: String
    /// The kind of problem for programs.
    public var code: ProblemCode
    /// This occurrence: the path of the request, without its query (which may hold a token), and as
    /// its fragment the ID of the call, which `X-Request-Id` and the log name too.
    public var instance: String
    /// When it makes sense to try again, in milliseconds from now.
    public var retryAfterMs: Int64?
    /// The place in the wait queue.
    public var queue: Queue?

    /// Creates a problem; status, type and title follow from the code.
    public init(
        _ code: ProblemCode, _ detail: String, instance: String = "",
        retryAfter: Duration? = nil, queue: Queue? = nil
    ) {
        self.type = "about:blank#\(code.rawValue)"
        self.title = code.title
        self.status = code.status
        self.detail = detail
        self.code = code
        self.instance = instance
        self.retryAfterMs = retryAfter.map(\.wholeMilliseconds)
        self.queue = queue
    }

    /// The problem of a faulty field.
    public init(_ fault: FieldFault) {
        self.init(fault.code, "\(fault)")
    }

    /// The value of `Retry-After`: whole seconds, rounded up, at least 1.
    public var retryAfterSeconds: Int64? {
        retryAfterMs.map { max(1, ($0 + 999) / 1000) }
    }
}

extension Duration {
    /// This duration in whole milliseconds, rounded towards zero.
    public var wholeMilliseconds: Int64 { wholeNanoseconds / 1_000_000 }
}
