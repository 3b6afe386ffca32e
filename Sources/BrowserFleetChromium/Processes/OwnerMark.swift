// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Says on a process whose it is, so that a sweep finds what is ours and nothing else.
///
/// `installation/pid/start/launcher/slot`: the installation is a number made of the data folder's
/// path and the user, pid and start time name the server process beyond doubt (a pid alone is
/// used again), the launcher tells two pools of one process apart.
struct OwnerMark: Sendable, Hashable {
    /// The environment variable that carries the mark.
    static let variable = "BROWSERFLEET_OWNER"

    /// The server process of a mark.
    struct Server: Sendable, Hashable {
        /// Its pid.
        var pid: Int32
        /// Its start, in clock ticks since the boot (`/proc/PID/stat`, field 22).
        var start: UInt64
    }

    /// The data folder and user that the server runs with.
    var installation: UInt64
    /// The process that launched.
    var server: Server
    /// The launcher in that process, from 1.
    var launcher: Int
    /// The slot.
    var slot: SlotID

    /// The mark as one word without spaces.
    var text: String {
        let installation = String(installation, radix: 16)
        return "\(installation)/\(server.pid)/\(server.start)/\(launcher)/\(slot)"
    }
}

extension OwnerMark {
    /// Reads a mark; nil for anything that is not exactly one.
    init?(_ text: some StringProtocol) {
        let fields = text.split(separator: "/", omittingEmptySubsequences: false)
        guard fields.count == 5,
            let installation = UInt64(fields[0], radix: 16),
            let pid = Int32(fields[1]), let start = UInt64(fields[2]),
            let launcher = Int(fields[3]), let slot = SlotID(text: fields[4])
        else { return nil }
        self.init(
            installation: installation, server: Server(pid: pid, start: start),
            launcher: launcher, slot: slot)
    }

    /// The number of an installation: FNV-1a over the folder's path and the user's number.
    static func installation(dataDirectory: String, uid: UInt32) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(uid):\(dataDirectory)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return hash
    }
}

extension SlotID {
    fileprivate init?(text: some StringProtocol) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 2, let index = Int(numbers[0]), let occupation = Int(numbers[1])
        else { return nil }
        self.init(index: index, occupation: occupation)
    }
}
