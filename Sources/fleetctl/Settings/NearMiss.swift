// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Finds the word that somebody probably meant.
enum NearMiss {
    /// The candidate that lies nearest to `word`, if it is near enough to be a slip of the hand:
    /// one edit for short words, two from eight characters on. Ties go to the earlier candidate.
    static func find(_ word: String, in candidates: [String]) -> String? {
        let most = word.count >= 8 ? 2 : 1
        let distances = candidates.map { (word: $0, edits: edits(from: word, to: $0)) }
        let best = distances.min { $0.edits < $1.edits }
        guard let best, (1...most).contains(best.edits) else { return nil }
        return best.word
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the
    /// other (optimal string alignment).
    static func edits(from left: String, to right: String) -> Int {
        let (a, b) = (Array(left.utf8), Array(right.utf8))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let replaced = rows[i][j] + (a[i] == b[j] ? 0 : 1)
                var least = min(row[j] + 1, rows[i][j + 1] + 1, replaced)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
