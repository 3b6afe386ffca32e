// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells systemd how the server is: one datagram of lines to the socket that `NOTIFY_SOCKET` names
/// (sd_notify(3)).
///
/// A datagram that cannot be sent is lost; the server never waits for whoever listens.
struct SystemdNotifier: Sendable {
    /// The path of the socket; one that begins with `@` is in the abstract namespace.
    let socket: String
    /// How often ``heartbeat`` must be sent: half of what systemd allows (`WATCHDOG_USEC`); `nil`
    /// if nobody watches this process.
    let heartbeatInterval: Duration?

    /// Reads what systemd asked for; `nil` if it asked for nothing, or for another kind of socket.
    init?(environment: [String: String], pid: Int32 = getpid()) {
        guard let socket = environment["NOTIFY_SOCKET"],
            socket.hasPrefix("/") || socket.hasPrefix("@"), (2...107).contains(socket.utf8.count)
        else { return nil }
        self.socket = socket
        let watched = environment["WATCHDOG_PID"].map { $0 == "\(pid)" } ?? true
        let allowed = environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { $0 > 0 ? $0 : nil }
        heartbeatInterval = watched ? allowed.map { .microseconds($0) / 2 } : nil
    }

    /// The server answers.
    static let ready = "READY=1"
    /// The server drains.
    static let stopping = "STOPPING=1"
    /// The server is alive.
    static let heartbeat = "WATCHDOG=1"

    /// A line for `systemctl status`.
    static func status(_ text: String) -> String {
        "STATUS=" + text.map { $0.isNewline ? " " : $0 }
    }

    /// Asks for so much time to stop in, whatever the unit says.
    static func extendTimeout(_ duration: Duration) -> String {
        "EXTEND_TIMEOUT_USEC=\(duration.components.seconds * 1_000_000)"
    }

    /// Sends lines; false if they could not be.
    @discardableResult
    func send(_ lines: String...) -> Bool {
        #if os(Linux)
        let descriptor = Glibc.socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var (address, length) = address()
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
        return sent == bytes.count
        #else
        return false
        #endif
    }

    #if os(Linux)
    private func address() -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socket.utf8)
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let header = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        return (address, socklen_t(header + path.count))
    }
    #endif
}
