// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// How people write amounts of memory in settings: `512MiB`, `1GiB`, `1g`, `1073741824`.
enum ByteText {
    private static let units: [(names: [String], power: Int)] = [
        (["gib", "gi", "gb", "g"], 30),
        (["mib", "mi", "mb", "m"], 20),
        (["kib", "ki", "kb", "k"], 10),
        (["b", ""], 0),
    ]

    // Twelve digits of GiB would overflow: the shift below is checked.
    private static let mostDigits = 15

    /// Reads a whole number with a unit behind it (powers of 1024); a bare number is in bytes.
    static func parse(_ text: some StringProtocol) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count <= mostDigits, let number = Int64(digits) else {
            return nil
        }
        let suffix = text[digits.endIndex...].lowercased()
        guard let unit = units.first(where: { $0.names.contains(suffix) }) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << unit.power)
        return overflow ? nil : bytes
    }

    /// Writes an amount in the largest unit that leaves no rest.
    static func describe(_ count: Int64) -> String {
        for (unit, power) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] {
            let size = Int64(1) << power
            if count >= size, count % size == 0 { return "\(count / size)\(unit)" }
        }
        return String(count)
    }
}
