// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing

@testable import fleetctl

struct StoppingTests {
    @Test("signals drain, then hurry, then leave")
    func signals() {
        var requests = StopRequests()
        #expect((0..<4).map { _ in requests.next() } == [.drain, .hurry, .leave, .leave])
    }

    @Test("the earlier of two deadlines ends the process")
    func deadline() async {
        let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let deadline = LastDeadline(logger: logger) { continuation.yield() }
        deadline.set(in: .seconds(3600))
        deadline.set(in: .milliseconds(1))
        deadline.set(in: .seconds(3600))
        for await _ in ends { break }
    }

    @Test(
        "systemd is told only where it asked, and on sockets that there are",
        arguments: [
            ([:], false), (["NOTIFY_SOCKET": ""], false), (["NOTIFY_SOCKET": "run"], false),
            (["NOTIFY_SOCKET": "vsock:2:1234"], false), (["NOTIFY_SOCKET": "@"], false),
            (["NOTIFY_SOCKET": "/run/systemd/notify"], true),
            (["NOTIFY_SOCKET": "@abstract"], true),
            (["NOTIFY_SOCKET": "/" + String(repeating: "a", count: 107)], false),
        ] as [([String: String], Bool)])
    func sockets(_ environment: [String: String], _ isAsked: Bool) {
        #expect((SystemdNotifier(environment: environment) != nil) == isAsked)
    }

    @Test(
        "the heartbeat is sent twice as often as systemd wants it",
        arguments: [
            ([:], nil), (["WATCHDOG_USEC": "30000000"], .seconds(15)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], .seconds(15)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "soon"], nil),
        ] as [([String: String], Duration?)])
    func heartbeat(_ environment: [String: String], _ interval: Duration?) {
        let all = environment.merging(["NOTIFY_SOCKET": "/run/notify"]) { $1 }
        #expect(SystemdNotifier(environment: all, pid: 7)?.heartbeatInterval == interval)
    }

    @Test("a status is one line, and nobody who listens is no error to die of")
    func status() {
        #expect(SystemdNotifier.status("a\nb") == "STATUS=a b")
        #expect(SystemdNotifier.extendTimeout(.seconds(70)) == "EXTEND_TIMEOUT_USEC=70000000")
        let nobody = SystemdNotifier(environment: ["NOTIFY_SOCKET": "@browserfleet-nobody"])
        #expect(nobody?.send(SystemdNotifier.ready) == false)
    }
}
