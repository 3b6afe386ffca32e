// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// An answer as it came: a picture, a document, or JSON to decode.
public struct FleetAnswer: Sendable, Equatable {
    /// The HTTP status.
    public let status: Int
    /// The MIME type; empty if the server named none.
    public let contentType: String
    /// The body.
    public let body: Data

    /// Creates an answer.
    public init(status: Int, contentType: String, body: Data) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// The body as a value of the API.
    ///
    /// - Throws: ``FleetClientError/Code/malformedAnswer`` with the place that did not fit.
    public func decoded<Value: Decodable>(
        as type: Value.Type = Value.self
    ) throws(FleetClientError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw FleetClientError(
                .malformedAnswer, "the answer is not what this version expects: \(error)")
        }
    }
}
