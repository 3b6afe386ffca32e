// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import Tracing

/// A tracer that takes and passes on W3C trace context and writes each span, when it ends, as a
/// log line at `debug`.
///
/// `fleetctl` bootstraps it (`InstrumentationSystem.bootstrap`); an embedder may bootstrap another
/// tracer, and the fleet's spans go there.
public struct FleetTracer: Tracer {
    private let logger: Logger

    /// Creates a tracer that writes to `logger`.
    public init(logger: Logger = Logger(label: "browserfleet.trace")) {
        self.logger = logger
    }

    /// Begins a span below the one in `context`, or a trace of its own.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> FleetSpan {
        var generator = SystemRandomNumberGenerator()
        var context = context()
        let parent = context.traceContext
        let own =
            parent?.child(using: &generator)
            ?? .root(isSampled: logger.logLevel <= .debug, using: &generator)
        context.traceContext = own
        return FleetSpan(
            operationName, context: context, trace: own, parent: parent?.spanID,
            began: instant().nanosecondsSinceEpoch, logger: logger)
    }

    /// Does nothing: spans are written as they end.
    public func forceFlush() {}

    /// Takes `traceparent` and `tracestate`.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: "traceparent", from: carrier) else { return }
        context.traceContext = TraceContext(
            traceparent: parent, tracestate: extractor.extract(key: "tracestate", from: carrier))
    }

    /// Writes `traceparent` and `tracestate`.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
        if let state = trace.state { injector.inject(state, forKey: "tracestate", into: &carrier) }
    }
}
