// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What an API key allows.
public enum KeyScope: String, Hashable, Sendable, Codable, CaseIterable {
    /// To create, use and delete browsers of one's own.
    case browsers
    /// To submit and read jobs.
    case jobs
    /// To watch browsers of one's own.
    case view
    /// Everything, and everybody's.
    case admin
    /// To read `/metrics`.
    case metrics
}
