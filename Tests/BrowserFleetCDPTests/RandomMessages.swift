// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP

/// A generator of a fixed sequence for a seed (SplitMix64), so that a failure can be replayed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Texts that are JSON, nearly JSON, and nearly calls.
struct RandomMessages {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func one<Element>(of choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    /// White space that JSON allows, mostly none.
    mutating func space() -> String { one(of: ["", "", "", "", " ", "\n\t", "\r\n  "]) }

    /// A string with its quotes; some of its characters written as escapes.
    mutating func string(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || Int.random(in: 0..<12, using: &generator) == 0 {
                for unit in String(Character(scalar)).utf16 {
                    let digits = String(unit, radix: 16, uppercase: Bool.random(using: &generator))
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else if scalar == "\"" || scalar == "\\" {
                quoted += "\\" + String(Character(scalar))
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
        case 0: return one(of: ["true", "false", "null"])
        case 1: return one(of: ["0", "-1", "12", "3.25", "-0.5e3", "1E9", "9223372036854775808"])
        case 2...5: return string(one(of: Self.texts))
        case 6: return array(depth: depth)
        default: return object(depth: depth)
        }
    }

    private mutating func array(depth: Int) -> String {
        let elements = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            space() + value(depth: depth - 1) + space()
        }
        return "[" + elements.joined(separator: ",") + space() + "]"
    }

    private mutating func object(depth: Int) -> String {
        let members = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            let name = string(one(of: Self.texts))
            return space() + name + space() + ":" + space() + value(depth: depth - 1) + space()
        }
        return "{" + members.joined(separator: ",") + space() + "}"
    }

    /// A call, mostly well made, its members in any order.
    mutating func call(sessions: [String]) -> String {
        var members: [(String, String)] = []
        let ids = ["1", "7", "-5", "2147483647", "2147483648", "\"1\"", "1.5", "-2000000001", "{}"]
        let methods = ["Page.enable", "A.b", "Runtime.evaluate", ""]
        if Int.random(in: 0..<10, using: &generator) > 0 { members.append(("id", one(of: ids))) }
        if Int.random(in: 0..<10, using: &generator) > 0 {
            members.append(("method", one(of: [string(one(of: methods)), "7"])))
        }
        if Bool.random(using: &generator) { members.append(("params", value(depth: 3))) }
        if Bool.random(using: &generator) {
            members.append(("sessionId", one(of: [string(one(of: sessions)), "null", "3"])))
        }
        if Int.random(in: 0..<12, using: &generator) == 0 {
            members.append((one(of: ["id", "sessionId", "Id", "x"]), value(depth: 1)))
        }
        members.shuffle(using: &generator)
        let written = members.map { name, value in
            space() + string(name) + space() + ":" + space() + value + space()
        }
        return space() + "{" + written.joined(separator: ",") + "}" + space()
    }

    /// `text` with a few bytes changed, left out, doubled or cut off, or as it is.
    mutating func damaged(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<one(of: [0, 0, 0, 1, 1, 3]) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[place] = one(of: Array(#"{}[]",:\0eE.-u/ "#.utf8))
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(bytes[place], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    private static let texts = [
        "", "a", "id", "sessionId", "plain text of some length, longer than a word",
        "quote \" and \\ backslash", "é", "漢字", "😀 beyond", "\u{1}\n", "x,\"sessionId\":\"y\"}",
        "exactly8", "nine char",
    ]
}
