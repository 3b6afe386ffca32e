// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import Glibc

/// What browsers of this process leave on the machine: nothing, if all is well.
struct Traces: Equatable {
    /// Processes that carry a mark of ours.
    var processes: Int
    /// Children of this process, zombies included.
    var children: Int
    /// Open descriptors of this process.
    var descriptors: Int
    /// Folders of browsers. Links that lead nowhere do not count: any sweep on this machine may
    /// remove what somebody else's server left.
    var folders: Int

    /// Counts them.
    static func now() -> Traces {
        Traces(
            processes: MarkedProcess.all().count { $0.mark.server == ChromiumLauncher.thisServer },
            children: ProcessTree(root: getpid()).processes.count - 1,
            descriptors: ProcessFile.names(in: "/proc/self/fd").count,
            folders: ProcessFile.names(in: "/tmp").count {
                $0.hasPrefix("browserfleet-") && !$0.contains("tests")
                    && SystemPaths.isDirectory("/tmp/\($0)")
            })
    }

    /// Counts until the counts are as wished, for a second at most: event loops close descriptors
    /// shortly after they say so.
    static func settle(to wish: Traces) async -> Traces {
        for _ in 0..<50 where now() != wish {
            try? await Task.sleep(for: .milliseconds(20))
        }
        return now()
    }
}
