// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Rows of texts under headings, or pairs of a name and a value.
struct Table: Equatable {
    /// None for pairs.
    var headings: [String]
    /// Each as long as the headings.
    var rows: [[String]]

    init(headings: [String], rows: [[String]]) {
        self.headings = headings
        self.rows = rows
    }

    init(pairs: [(String, String)]) {
        self.init(headings: [], rows: pairs.map { [$0.0, $0.1] })
    }

    /// Lines with aligned columns, two spaces between them and none at their ends.
    func text(bold: Bool) -> String {
        let all = (headings.isEmpty ? [] : [headings]) + rows
        let columns = all.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            all.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        var lines = all.map { Self.line($0, widths) }
        if bold, !headings.isEmpty { lines[0] = "\u{1B}[1m\(lines[0])\u{1B}[0m" }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        let last = cells.lastIndex { !$0.isEmpty } ?? 0
        for (index, cell) in cells.enumerated() {
            line += cell
            guard index < last else { break }
            line += String(repeating: " ", count: widths[index] - cell.count + 2)
        }
        return line
    }
}
