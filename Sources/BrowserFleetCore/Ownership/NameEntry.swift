// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What a store keeps of one server name: what ``NameClaim`` compares with and writes.
///
/// It stays when the process leaves and when the server's record is removed, so that numbers only
/// grow.
public struct NameEntry: Hashable, Sendable, Codable {
    /// The name.
    public let name: ServerName
    /// The server whose process has it, or had it last.
    public var server: ServerID
    /// That process's hold of it.
    public var epoch: ServerEpoch

    /// Creates an entry.
    public init(name: ServerName, server: ServerID, epoch: ServerEpoch) {
        self.name = name
        self.server = server
        self.epoch = epoch
    }
}
