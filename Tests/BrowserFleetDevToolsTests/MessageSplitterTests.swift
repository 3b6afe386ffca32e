// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import NIOCore
import Testing

@testable import BrowserFleetDevTools

@Suite("The splitter of a DevTools pipe")
struct MessageSplitterTests {
    private func messages(of reads: [String]) -> [String] {
        var splitter = MessageSplitter()
        var messages: [String] = []
        for read in reads {
            splitter.append(ByteBuffer(string: read))
            while let message = splitter.next() { messages.append(String(buffer: message)) }
        }
        return messages
    }

    @Test("whole messages come out as they went in")
    func whole() {
        #expect(messages(of: ["one\0two\0", "three\0"]) == ["one", "two", "three"])
    }

    @Test("a message over several reads is put together")
    func split() {
        #expect(messages(of: ["o", "n", "e", "\0tw", "o\0th"]) == ["one", "two"])
    }

    @Test("an empty message is a message")
    func empty() {
        #expect(messages(of: ["\0a\0"]) == ["", "a"])
    }

    @Test("however the stream is cut, the same messages come out")
    func anyCut() {
        var generator = SeededGenerator(seed: 20_261_121)
        for round in 0..<500 {
            let texts = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                String(repeating: "m", count: Int.random(in: 0...9, using: &generator))
            }
            var stream = Substring(texts.map { $0 + "\0" }.joined())
            var reads: [String] = []
            while !stream.isEmpty {
                let length = Int.random(in: 1...4, using: &generator)
                reads.append(String(stream.prefix(length)))
                stream = stream.dropFirst(length)
            }
            #expect(messages(of: reads) == texts, "seed 20261121, round \(round)")
        }
    }
}
