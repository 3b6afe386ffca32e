// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// One process of a local fleet.
final class FleetMember: Sendable {
    /// Its server name.
    let name: String
    /// Its port.
    let port: Int
    private let process: Mutex<Process>
    private let wasTold = Atomic(false)
    /// Open as long as this process lives; its end tells the member to stop.
    private let leash = Pipe()
    private let end: AsyncStream<Void>
    private let ending: AsyncStream<Void>.Continuation

    /// Plans a process.
    init(name: String, port: Int, environment: [String: String]) {
        self.name = name
        self.port = port
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["up-member"]
        process.environment = environment
        process.standardInput = leash
        process.standardOutput = FileHandle.nullDevice
        self.process = Mutex(process)
        (end, ending) = AsyncStream.makeStream()
    }

    /// Where it answers.
    var url: String { "http://127.0.0.1:\(port)" }

    /// Its process ID; 0 before it was started.
    var processID: Int32 { process.withLock(\.processIdentifier) }

    /// Whether it was started and is gone.
    var hasEnded: Bool { process.withLock { $0.processIdentifier != 0 && !$0.isRunning } }

    /// Starts it.
    func start() throws {
        try process.withLock { [ending] process in
            process.terminationHandler = { _ in ending.finish() }
            try process.run()
        }
    }

    /// Tells it to stop if nobody has; again, to hurry.
    ///
    /// - Parameter again: whether it is told even if it was before.
    func stop(again: Bool = false) {
        guard !wasTold.exchange(true, ordering: .relaxed) || again else { return }
        process.withLock { process in
            guard process.processIdentifier != 0 else { return ending.finish() }
            if process.isRunning { process.terminate() }
        }
    }

    /// Waits until it is gone.
    func ended() async {
        for await _ in end {}
    }
}
