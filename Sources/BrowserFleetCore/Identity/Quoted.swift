// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A text from outside as an error may show it: in quotes, escaped, and cut to a length.
struct Quoted: CustomStringConvertible {
    private let text: String
    private static let longest = 80

    init(_ text: String) {
        self.text = text
    }

    var description: String {
        var shown = "\""
        for scalar in text.unicodeScalars.prefix(Self.longest) {
            shown += scalar.escaped(asASCII: true)
        }
        return shown + (text.unicodeScalars.count > Self.longest ? "…\"" : "\"")
    }
}
