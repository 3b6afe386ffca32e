// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import BrowserFleetRuntime

@Suite("A turn that those who come meanwhile share")
struct SharedTurnTests {
    /// What the turns note.
    private final class Notes: Sendable {
        private let state = Mutex((begun: 0, isFirstOver: false))
        var begun: Int { state.withLock(\.begun) }
        var isFirstOver: Bool { state.withLock(\.isFirstOver) }
        func begin() { state.withLock { $0.begun += 1 } }
        func endFirst() { state.withLock { $0.isFirstOver = true } }
    }

    @Test("many who come while one is at it are served by one turn that begins after they came")
    func shared() async {
        let turn = SharedTurn()
        let notes = Notes()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let first = Task {
            await turn.take {
                notes.begin()
                for await _ in gate {}
                notes.endFirst()
            }
        }
        while notes.begun == 0 { await Task.yield() }
        let others = (1...20).map { _ in
            Task {
                await turn.take {
                    #expect(notes.isFirstOver)
                    notes.begin()
                }
                #expect(notes.begun == 2, "nobody returns before a turn that began after they came")
            }
        }
        while turn.waiting < others.count { await Task.yield() }
        opener.finish()
        await first.value
        for other in others { await other.value }
        await turn.take { notes.begin() }
        #expect(notes.begun == 3)
    }
}
