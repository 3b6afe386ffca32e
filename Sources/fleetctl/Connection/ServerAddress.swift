// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// How a client on the same machine reaches a server: what the server leaves in its folder, and
/// what a user's own configuration file holds.
struct ServerAddress: Codable, Equatable, Sendable {
    /// Where the fleet answers.
    var url: String?
    /// A key for it.
    var apiKey: String?
    /// A file that holds a key for it.
    var apiKeyFile: String?

    private enum CodingKeys: String, CodingKey {
        case url
        case apiKey = "api-key"
        case apiKeyFile = "api-key-file"
    }

    /// Reads the text of the file at `path`.
    static func parse(_ text: String, path: String) throws(CommandFailure) -> ServerAddress {
        do {
            return try YAMLDecoder().decode(ServerAddress.self, from: text)
        } catch {
            throw CommandFailure(.usage, "\(path) must hold `url: …` and `api-key-file: …`")
        }
    }

    /// The file's text.
    func text() throws -> String { try YAMLEncoder().encode(self) }
}
