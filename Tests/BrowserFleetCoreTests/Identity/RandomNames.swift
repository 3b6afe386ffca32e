// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Draws valid server names and local parts of every length and shape.
struct RandomNames {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// A name of up to 253 bytes, with runs of hyphens inside its labels.
    mutating func name() -> String {
        var name = label()
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let longer = name + "." + label()
            if longer.utf8.count <= ServerName.longestName { name = longer }
        }
        return name
    }

    /// 1 to 64 characters of those that a local part may have.
    mutating func local() -> String {
        let characters = Array("ABCXYZabcxyz0189-")
        return text(of: characters, length: Int.random(in: 1...64, using: &generator))
    }

    /// Any text, close enough to an ID to get past the first checks.
    mutating func nearID() -> String {
        let characters = Array("aab19--__.:A é\u{0}")
        return text(of: characters, length: Int.random(in: 0...24, using: &generator))
    }

    private mutating func label() -> String {
        let edge = Array("abcxyz019")
        let inner = edge + ["-", "-", "-", "-"]
        let length = Int.random(in: 1...ServerName.longestLabel, using: &generator)
        guard length > 1 else { return text(of: edge, length: 1) }
        return text(of: edge, length: 1) + text(of: inner, length: length - 2)
            + text(of: edge, length: 1)
    }

    private mutating func text(of characters: [Character], length: Int) -> String {
        String(
            (0..<length).map { _ in
                characters[Int(generator.next(upperBound: UInt64(characters.count)))]
            })
    }
}
