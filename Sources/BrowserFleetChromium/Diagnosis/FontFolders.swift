// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The fonts that browsers can see: those below `/usr`.
enum FontFolders {
    private static let roots = ["/usr/share/fonts", "/usr/local/share/fonts"]
    private static let suffixes = [".ttf", ".otf", ".ttc", ".woff2", ".pfb"]

    /// How many font files there are, counted up to `most`.
    static func count(atMost most: Int) -> Int {
        var count = 0
        var pending = roots
        while let folder = pending.popLast(), count < most {
            for name in ProcessFile.names(in: folder) {
                if suffixes.contains(where: { name.hasSuffix($0) }) {
                    count += 1
                } else {
                    pending.append("\(folder)/\(name)")
                }
            }
        }
        return min(count, most)
    }
}
