// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension ServerFields {
    /// Most bytes of a text, of one label, and most labels.
    static let mostTextBytes = 256
    static let mostDescriptionBytes = 2000
    static let mostLabels = 64

    /// Refuses the first field that cannot be taken, by name and with what to do about it.
    public func check() throws(StoreRefusal) {
        try Self.check(name, as: .name)
        try Self.check(type, as: .type)
        try Self.check(region, as: .region)
        try Self.check(apiKey, as: .apiKey)
        try Self.check(description, as: .description, upTo: Self.mostDescriptionBytes)
        try Self.check(capacity, as: .capacity, in: 0...10_000)
        try Self.check(priority, as: .priority, in: 0...1000)
        try Self.check(weight, as: .weight, in: 0...1000)
        if let url, ServerEndpoint(url) == nil {
            throw .invalid(
                field: Name.url.rawValue,
                advice: "write it as http:// or https://, a host, and a port if need be")
        }
        try checkLabels()
    }

    private func checkLabels() throws(StoreRefusal) {
        guard let labels else { return }
        guard labels.count <= Self.mostLabels else {
            throw .invalid(field: Name.labels.rawValue, advice: "at most \(Self.mostLabels)")
        }
        for (label, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard !label.isEmpty else {
                throw .invalid(field: Name.labels.rawValue, advice: "a label needs a name")
            }
            try Self.check(label, as: .labels)
            try Self.check(value, as: .labels)
        }
    }

    private static func check(
        _ text: String?, as name: Name, upTo most: Int = mostTextBytes
    ) throws(StoreRefusal) {
        guard let text else { return }
        guard text.utf8.count <= most else {
            throw .invalid(field: name.rawValue, advice: "at most \(most) bytes")
        }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalid(field: name.rawValue, advice: "no control characters")
        }
    }

    private static func check(
        _ number: Int?, as name: Name, in range: ClosedRange<Int>
    ) throws(StoreRefusal) {
        guard let number, !range.contains(number) else { return }
        throw .invalid(
            field: name.rawValue, advice: "\(range.lowerBound) to \(range.upperBound)")
    }
}
