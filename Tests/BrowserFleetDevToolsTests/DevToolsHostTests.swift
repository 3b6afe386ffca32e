// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCDP
import BrowserFleetCore
import BrowserFleetDevTools
import BrowserFleetRuntime
import BrowserFleetTesting
import NIOCore
import NIOPosix
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("A DevTools host", .timeLimit(.minutes(1)))
struct DevToolsHostTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func launch() async throws -> FakeBrowser {
        let slot = SlotID(index: 0, occupation: 1)
        return try await FakeLauncher(group: group).launch(
            LaunchRequest(slot: slot, properties: .headless))
    }

    @Test("a client's call is answered without the session it never asked for")
    func echo() async throws {
        let browser = try await launch()
        let sink = RecordingSink(eventLoop: group.next())
        let client = try await browser.devTools.attach(sink, root: .browser)
        client.send(
            #"{"id":7,"method":"Fake.echo","params":{"a":[1,2]}}"#, on: sink.eventLoop)
        await sink.received(1)
        #expect(sink.messages == [#"{"id":7,"result":{"a":[1,2]}}"#])
        await browser.end(.deleted)
    }

    @Test("two clients with the same numbers hear only their own answers")
    func twoClients() async throws {
        let browser = try await launch()
        let sinks = [group.next(), group.next()].map(RecordingSink.init)
        for (index, sink) in sinks.enumerated() {
            let client = try await browser.devTools.attach(sink, root: .browser)
            for id in 1...50 {
                let call = #"{"id":\#(id),"method":"Fake.echo","params":{"client":\#(index)}}"#
                client.send(call, on: sink.eventLoop)
            }
        }
        for (index, sink) in sinks.enumerated() {
            await sink.received(50)
            #expect(
                sink.messages
                    == (1...50).map { #"{"id":\#($0),"result":{"client":\#(index)}}"# })
        }
        await browser.end(.deleted)
    }

    @Test("nothing of a browser that has ended stays in memory")
    func endsOfMemory() async throws {
        weak let core = try await coreOfEndedBrowser()
        for _ in 0..<100 where core != nil {
            for loop in group.makeIterator() { try await loop.submit {}.get() }
        }
        #expect(core == nil)
    }

    /// What the host of a browser keeps to itself, when a client has used it and it has ended.
    private func coreOfEndedBrowser() async throws -> AnyObject {
        let browser = try await launch()
        let sink = RecordingSink(eventLoop: group.next())
        let client = try await browser.devTools.attach(sink, root: .browser)
        client.send(#"{"id":1,"method":"Fake.echo","params":{}}"#, on: sink.eventLoop)
        await sink.received(1)
        let core = try #require(Mirror(reflecting: browser.devTools).descendant("core"))
        await browser.end(.deleted)
        return core as AnyObject
    }

    @Test("the home follows a client to its loop, again and again, and nothing is lost")
    func homeFollows() async throws {
        let browser = try await launch()
        for round in 0..<20 {
            let sink = RecordingSink(eventLoop: group.next())
            let client = try await browser.devTools.attach(sink, root: .browser)
            async let own = browser.devTools.call(
                "Fake.echo", params: ["round": .integer(Int64(round))])
            client.send(
                #"{"id":1,"method":"Fake.echo","params":{"round":\#(round)}}"#, on: sink.eventLoop)
            await sink.received(1)
            #expect(sink.messages == [#"{"id":1,"result":{"round":\#(round)}}"#])
            #expect(try await own["round"]?.intValue == round)
            sink.eventLoop.execute { client.detach() }
        }
        await browser.end(.deleted)
    }

    @Test("without descriptors for a move the home stays where it is, and the browser lives on")
    func noDescriptorLeft() async throws {
        let exhausted = Exhaustion()
        var configuration = DevToolsHost.Configuration()
        configuration.copyDescriptor = { exhausted.copy($0) }
        let launcher = FakeLauncher(group: group, devTools: configuration)
        let browser = try await launcher.launch(
            LaunchRequest(slot: SlotID(index: 0, occupation: 1), properties: .headless))
        exhausted.begin()
        for loop in group.makeIterator() {
            let sink = RecordingSink(eventLoop: loop)
            let client = try await browser.devTools.attach(sink, root: .browser)
            client.send(#"{"id":1,"method":"Fake.echo"}"#, on: loop)
            await sink.received(1)
            #expect(sink.messages == [#"{"id":1,"result":{}}"#])
            loop.execute { client.detach() }
        }
        await browser.end(.deleted)
    }

    @Test("a message of a megabyte passes both ways unharmed")
    func large() async throws {
        let browser = try await launch()
        let sink = RecordingSink(eventLoop: group.next())
        let client = try await browser.devTools.attach(sink, root: .browser)
        let text = String(repeating: "0123456789", count: 100_000)
        client.send(
            #"{"id":1,"method":"Fake.echo","params":{"text":"\#(text)"}}"#, on: sink.eventLoop)
        await sink.received(1)
        #expect(sink.messages == [#"{"id":1,"result":{"text":"\#(text)"}}"#])
        await browser.end(.deleted)
    }

    @Test("the end of a lease reaches every client with its reason")
    func endReachesClients() async throws {
        let browser = try await launch()
        let sinks = [group.next(), group.next()].map(RecordingSink.init)
        for sink in sinks { _ = try await browser.devTools.attach(sink, root: .browser) }
        await browser.end(.lifetime)
        for sink in sinks {
            await sink.closed()
            #expect(sink.closeReason == .ended(.lifetime))
        }
    }

    @Test("a crash reaches every client, and calls of our own fail instead of hanging")
    func crash() async throws {
        let browser = try await launch()
        let sink = RecordingSink(eventLoop: group.next())
        _ = try await browser.devTools.attach(sink, root: .browser)
        let silent = Task { try await browser.devTools.call("Fake.silence") }
        browser.crash()
        await sink.closed()
        #expect(sink.closeReason == .client(.browserCrashed))
        await #expect(throws: DevToolsError.self) { _ = try await silent.value }
        await #expect(throws: DevToolsError.self) {
            _ = try await browser.devTools.attach(sink, root: .browser)
        }
        #expect(await browser.awaitExit() == .crashed)
    }

    @Test("a call without an answer ends at its deadline")
    func deadline() async throws {
        let browser = try await launch()
        let error = await #expect(throws: DevToolsError.self) {
            _ = try await browser.devTools.call("Fake.silence", timeout: .milliseconds(20))
        }
        #expect(error?.code == .timedOut)
        await browser.end(.deleted)
    }

    @Test("a client that does not read is closed, and its neighbour never notices")
    func slowReader() async throws {
        let browser = try await launch()
        let slow = RecordingSink(eventLoop: group.next())
        let quick = RecordingSink(eventLoop: group.next())
        let slowClient = try await browser.devTools.attach(slow, root: .browser)
        let quickClient = try await browser.devTools.attach(quick, root: .browser)
        slow.unsent.store(64 << 20, ordering: .relaxed)
        slowClient.send(#"{"id":1,"method":"Fake.echo"}"#, on: slow.eventLoop)
        await slow.closed()
        #expect(slow.closeReason == .client(.readerTooSlow))
        quickClient.send(#"{"id":1,"method":"Fake.echo"}"#, on: quick.eventLoop)
        await quick.received(1)
        #expect(quick.closeReason == nil)
        await browser.end(.deleted)
    }

    @Test("only the traffic of clients counts as activity")
    func activity() async throws {
        let browser = try await launch()
        _ = try await browser.devTools.call("Browser.getVersion")
        #expect(browser.devTools.lastActivity == nil)
        let sink = RecordingSink(eventLoop: group.next())
        let client = try await browser.devTools.attach(sink, root: .browser)
        client.send(#"{"id":1,"method":"Fake.echo"}"#, on: sink.eventLoop)
        await sink.received(1)
        #expect(browser.devTools.lastActivity != nil)
        await browser.end(.deleted)
    }

    @Test("Browser.close is answered, and then asks for the end of the lease")
    func browserClose() async throws {
        let browser = try await launch()
        let sink = RecordingSink(eventLoop: group.next())
        let client = try await browser.devTools.attach(sink, root: .browser)
        client.send(#"{"id":9,"method":"Browser.close"}"#, on: sink.eventLoop)
        #expect(await browser.awaitExit() == .closedByClient)
        await sink.received(1)
        #expect(sink.messages == [#"{"id":9,"result":{}}"#])
        await browser.end(.clientClosed)
    }
}

/// The descriptors of a process that has none left, from a moment on.
private final class Exhaustion: Sendable {
    private let hasBegun = Atomic<Bool>(false)

    func begin() { hasBegun.store(true, ordering: .relaxed) }

    func copy(_ descriptor: CInt) -> CInt {
        hasBegun.load(ordering: .relaxed) ? -1 : dup(descriptor)
    }
}
