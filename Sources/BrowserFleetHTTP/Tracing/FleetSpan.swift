// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
public import Tracing

/// A span of ``FleetTracer``: one log line when it ends.
public final class FleetSpan: Span {
    private struct Content {
        var name: String
        var attributes = SpanAttributes()
        var error: String?
        var isRecording = true
    }

    /// The context of what happens inside the span.
    public let context: ServiceContext
    private let trace: TraceContext
    private let parent: String?
    private let began: UInt64
    private let logger: Logger
    private let content: Mutex<Content>

    init(
        _ name: String, context: ServiceContext, trace: TraceContext, parent: String?,
        began: UInt64, logger: Logger
    ) {
        self.context = context
        self.trace = trace
        self.parent = parent
        self.began = began
        self.logger = logger
        content = Mutex(Content(name: name))
    }

    /// What is being done.
    public var operationName: String {
        get { content.withLock(\.name) }
        set { content.withLock { $0.name = newValue } }
    }

    /// What is known of it.
    public var attributes: SpanAttributes {
        get { content.withLock(\.attributes) }
        set { content.withLock { $0.attributes = newValue } }
    }

    /// Whether it has not ended.
    public var isRecording: Bool { content.withLock(\.isRecording) }

    /// Does nothing: a span's errors say how it went.
    public func setStatus(_ status: SpanStatus) {}

    /// Does nothing: events are log lines of their own.
    public func addEvent(_ event: SpanEvent) {}

    /// Does nothing: a log line has one trace.
    public func addLink(_ link: SpanLink) {}

    /// Keeps the last error for the line.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        content.withLock { $0.error = "\(error)" }
    }

    /// Writes the line, once.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended = content.withLock { content -> Content? in
            guard content.isRecording else { return nil }
            content.isRecording = false
            return content
        }
        guard let ended, trace.isSampled, logger.logLevel <= .debug else { return }
        let now = instant().nanosecondsSinceEpoch
        let duration = now - min(began, now)
        var metadata: Logger.Metadata = [
            "span": "\(ended.name)", "traceId": "\(trace.traceID)", "spanId": "\(trace.spanID)",
            "durationMs": "\(Double(duration / 1000) / 1000)",
        ]
        if let parent { metadata["parentSpanId"] = "\(parent)" }
        if let error = ended.error { metadata["error"] = "\(error)" }
        if let id = context.requestID { metadata["requestId"] = "\(id)" }
        ended.attributes.forEach { metadata[$0] = "\($1.plainText)" }
        logger.debug("span", metadata: metadata)
    }
}

extension SpanAttribute {
    /// The value as text.
    fileprivate var plainText: String {
        switch self {
        case .int32(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): value
        case .stringConvertible(let value): "\(value)"
        default: "\(self)"
        }
    }
}
