// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetRuntime
import BrowserFleetTesting
import Testing

@Suite("The contract of stores, in memory")
struct StoreContractTests {
    @Test("memory answers as the model does", arguments: [1, 2, 3] as [UInt64])
    func memory(seed: UInt64) async {
        var contract = StoreContract(FleetStore(MemoryEngine()), seed: seed)
        let differences = await contract.run(operations: 3000)
        #expect(differences == [], "seed \(seed)")
    }

    @Test(
        "the contract finds an engine that breaks it", arguments: FaultyEngine.Fault.foundAlone)
    func faults(fault: FaultyEngine.Fault) async {
        var contract = StoreContract(FleetStore(FaultyEngine(fault)), seed: 1)
        #expect(await contract.run(operations: 3000) != [])
    }

    @Test("of those who want one key at once, as many win as there are moves")
    func race() async throws {
        let stores = [FleetStore(MemoryEngine())]
        var race = StoreRace()
        try await race.run(on: stores, runners: 8, rounds: 25)
        #expect(race.wins + race.losses == 200)
        #expect(try await race.contradictions(in: stores[0]) == [])
    }

    @Test("the race finds an engine that does not check what was read")
    func racePlanted() async throws {
        let stores = [FleetStore(FaultyEngine(.checksNothing))]
        var race = StoreRace()
        try await race.run(on: stores, runners: 8, rounds: 25)
        #expect(try await race.contradictions(in: stores[0]) != [])
    }

    @Test("a reader that waits is woken by the next event")
    func wake() async throws {
        let store = FleetStore(MemoryEngine())
        async let page = store.nextEvents(after: .origin, limit: 10, patience: .seconds(60))
        let event = FleetEvent(.init("browser.created"), subject: "b", unixMilliseconds: 1)
        try await store.publish([event])
        #expect(try await page.items.map(\.entry) == [event])
    }

    @Test("a reader that waits in vain returns with nothing when its patience is over")
    func patience() async throws {
        let store = FleetStore(MemoryEngine())
        let page = try await store.nextEvents(
            after: .origin, limit: 10, patience: .milliseconds(20))
        #expect(page == LogPage(items: []))
    }

    @Test("one that always finds others faster gives up in time")
    func contention() async throws {
        let store = FleetStore(FaultyEngine(.neverCommits))
        var fields = ServerFields()
        fields.url = "https://one.example.com"
        let command = EnterServer(
            server: try ServerID("server-1"), fields: fields,
            stamp: CommandStamp(author: "ann", unixMilliseconds: 1))
        await #expect {
            try await store.run(command, within: .milliseconds(50))
        } throws: { error in
            (error as? StoreError)?.code == .contention
        }
    }
}
