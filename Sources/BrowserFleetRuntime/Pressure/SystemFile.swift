// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Reads the small text files by which Linux tells its figures.
enum SystemFile {
    /// The file's text; nil if there is none or it cannot be read.
    static func read(_ path: String) -> String? {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// The file's first number.
    static func number(_ path: String) -> Int64? {
        read(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Int64($0) }
    }

    /// The number behind `key` in a file of `key number` lines.
    static func number(_ path: String, key: String) -> Int64? {
        for line in read(path)?.split(separator: "\n") ?? [] {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == key { return Int64(words[1]) }
        }
        return nil
    }
}
