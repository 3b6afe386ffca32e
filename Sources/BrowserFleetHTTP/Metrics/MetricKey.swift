// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One time series: a name and its labels in the order of their names.
struct MetricKey: Hashable, Comparable, Sendable {
    var name: String
    var labels: [Label]

    struct Label: Hashable, Comparable, Sendable {
        var name: String
        var value: String

        static func < (left: Label, right: Label) -> Bool {
            (left.name, left.value) < (right.name, right.value)
        }
    }

    init(_ name: String, _ dimensions: [(String, String)]) {
        self.name = Self.sanitised(name)
        labels = dimensions.map { Label(name: Self.sanitised($0.0), value: $0.1) }.sorted()
    }

    static func < (left: MetricKey, right: MetricKey) -> Bool {
        if left.name != right.name { return left.name < right.name }
        return left.labels.lexicographicallyPrecedes(right.labels)
    }

    /// `{a="b"}`, or nothing; `extra` comes last.
    func labelText(_ extra: Label? = nil) -> String {
        let all = labels + [extra].compactMap(\.self)
        guard !all.isEmpty else { return "" }
        return "{" + all.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            + "}"
    }

    /// Names of metrics and labels have letters, digits and underscores only.
    private static func sanitised(_ name: String) -> String {
        // Nearly always so, and asked for each request.
        guard !name.utf8.allSatisfy(isNameByte) else { return name }
        return String(
            name.map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
            })
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }
}
