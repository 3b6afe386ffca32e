// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Something that a server needs to be given new work, such as its store.
///
/// `GET /health/ready` asks it. What the server has already it goes on serving, whatever this says.
public protocol Readiness: Sendable {
    /// Why the server should be given nothing new, in one word of the API; `nil` if it may.
    ///
    /// Asked for every probe: it neither waits nor does anything.
    var unready: String? { get }
}
