// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A private Xvfb beside a browser with a screen, in the same jail: it ends with it, listens on no
/// port, and its sockets exist in the jail only.
struct VirtualScreen: Sendable, Equatable {
    /// Absolute path of Xvfb.
    var program: String
    /// The screen's width in pixels.
    var width = 1920
    /// The screen's height in pixels.
    var height = 1080

    /// A screen that a browser with these arguments fits on.
    init(program: String, arguments: [String]) {
        self.program = program
        let name = "--window-size="
        guard let wish = arguments.last(where: { $0.hasPrefix(name) }) else { return }
        let numbers = wish.dropFirst(name.count).split(separator: ",").compactMap { Int($0) }
        guard numbers.count == 2 else { return }
        width = max(width, numbers[0])
        height = max(height, numbers[1])
    }

    /// `command` preceded by what starts the screen and waits until it is ready.
    ///
    /// Xvfb writes the display's number when it takes clients; the DevTools pipe stays closed to it.
    func wrapping(_ command: [String], scratch: String) -> [String] {
        let script = """
            set -e; mkfifo "$1/display"
            "$2" -displayfd 9 -nolisten tcp -nolock -screen 0 "$3" 3<&- 4<&- 9>"$1/display" &
            read -r number <"$1/display"; rm "$1/display"; export DISPLAY=":$number"
            shift 3; exec "$@"
            """
        return ["/bin/sh", "-c", script, "sh", scratch, program, "\(width)x\(height)x24"] + command
    }
}
