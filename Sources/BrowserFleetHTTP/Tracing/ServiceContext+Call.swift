// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import Tracing

extension ServiceContext {
    private enum RequestIDKey: ServiceContextKey {
        typealias Value = String
        static let nameOverride: String? = "browserfleet-request-id"
    }

    private enum TraceContextKey: ServiceContextKey {
        typealias Value = TraceContext
        static let nameOverride: String? = "browserfleet-trace"
    }

    /// The ID of the call that is being answered: the `X-Request-Id` of its answer.
    public internal(set) var requestID: String? {
        get { self[RequestIDKey.self] }
        set { self[RequestIDKey.self] = newValue }
    }

    /// Where the present call stands in its trace; set by ``FleetTracer``.
    public internal(set) var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}

extension Logger.MetadataProvider {
    /// `requestId`, `traceId` and `spanId` of the call that is being answered, for every log line
    /// that is written meanwhile; hand it to `LoggingSystem.bootstrap`.
    public static let browserFleet = Logger.MetadataProvider {
        guard let context = ServiceContext.current else { return [:] }
        var metadata: Logger.Metadata = [:]
        if let id = context.requestID { metadata["requestId"] = "\(id)" }
        if let trace = context.traceContext {
            metadata["traceId"] = "\(trace.traceID)"
            metadata["spanId"] = "\(trace.spanID)"
        }
        return metadata
    }
}
