// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is said to the person at the terminal: always on stderr, so that stdout is data.
enum Talk {
    /// Whether colour may be used on stderr.
    static let hasColour = isTerminal(FileHandle.standardError)

    /// One line.
    static func say(_ text: String) {
        StandardError.writeLine(text)
    }

    /// One line that tells of trouble.
    static func error(_ text: String) {
        say(hasColour ? "\u{1B}[31merror:\u{1B}[0m \(text)" : "error: \(text)")
    }

    /// One line that tells of something odd.
    static func warning(_ text: String) {
        say(hasColour ? "\u{1B}[33mwarning:\u{1B}[0m \(text)" : "warning: \(text)")
    }

    /// Whether a stream is a terminal and the person has not declined colour (no-color.org).
    static func isTerminal(_ handle: FileHandle) -> Bool {
        let declined = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
        return declined.isEmpty && isatty(handle.fileDescriptor) == 1
    }
}
