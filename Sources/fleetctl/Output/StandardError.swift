// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Whole lines on stderr: what several threads write at once does not mix, and a disk that is full
/// or a reader that has gone costs the line, not the process.
enum StandardError {
    private static let turn = Mutex(())

    /// Writes one line.
    static func writeLine(_ line: String) {
        turn.withLock { _ in
            try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
        }
    }
}
