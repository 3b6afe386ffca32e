// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Tracing

/// Tells the client which span answered it, and nothing else of what a tracer would pass on.
struct TraceResponseInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout HTTPFields) {
        guard key.lowercased() == "traceparent" else { return }
        headers[.traceResponse] = value
    }
}
