// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A path with places for values, such as `/browsers/{id}`.
struct PathTemplate: Hashable, Sendable {
    enum Segment: Hashable, Sendable {
        case literal(String)
        case value(String)
    }

    let text: String
    let segments: [Segment]

    init(_ text: String) {
        self.text = text
        segments = text.split(separator: "/").map { part in
            part.hasPrefix("{")
                ? .value(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    /// The values of a path that fits; `nil` if it does not.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let word): guard word == part else { return nil }
            case .value(let name): values[name] = part
            }
        }
        return values
    }

    /// The names of the values.
    var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .value(let name): name
            }
        }
    }
}
