// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetEgress
import Testing

/// A resolver for tests in which nothing may be resolved: being asked is a failure.
struct UnimplementedResolver: NameResolver {
    func resolve(_ host: String) async throws -> [IPAddress] {
        Issue.record("nothing may be resolved here, but '\(host)' was")
        throw ResolutionError.unavailable
    }
}
