// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
public import Foundation

/// Why a call failed.
public struct FleetClientError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case refused, unreachable
            case malformedAnswer = "malformed-answer"
            case malformedRequest = "malformed-request"
            case invalidID = "invalid-id"
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The server answered with an error; ``FleetClientError/problem`` has it.
        public static let refused = Code(.refused)
        /// No server answered.
        public static let unreachable = Code(.unreachable)
        /// What answered is not a fleet, or one of another version.
        public static let malformedAnswer = Code(.malformedAnswer)
        /// The request cannot be written.
        public static let malformedRequest = Code(.malformedRequest)
        /// The text is not a browser ID; nothing was sent.
        public static let invalidID = Code(.invalidID)

        /// The kind as one word.
        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence for people.
    public let message: String
    /// The HTTP status, if there was an answer.
    public let status: Int?
    /// The answer, if it was a problem document whose code this version knows.
    public let problem: Problem?
    /// Where the fleet was expected.
    public let url: URL?

    init(_ code: Code, _ message: String, url: URL? = nil) {
        self.code = code
        self.message = message
        self.status = nil
        self.problem = nil
        self.url = url
    }

    init(unreachable url: URL, _ cause: any Error) {
        let reason = (cause as NSError).localizedDescription
        self.init(.unreachable, "no fleet answers at \(url): \(reason)", url: url)
    }

    /// A status of 400 or more, with the server's own words where they can be read.
    init(refused answer: FleetAnswer) {
        let words = try? JSONDecoder().decode(Words.self, from: answer.body)
        self.code = .refused
        self.status = answer.status
        self.problem = try? JSONDecoder().decode(Problem.self, from: answer.body)
        self.message =
            words.map { "\($0.code): \($0.detail)" } ?? "the answer was status \(answer.status)"
        self.url = nil
    }

    // What any version's problem document has; its code may be one we do not know yet.
    private struct Words: Decodable {
        var code: String
        var detail: String
    }

    /// The message.
    public var description: String { message }
}
