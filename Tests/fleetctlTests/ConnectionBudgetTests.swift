// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

@Suite struct ConnectionBudgetTests {
    @Test("clients and browsers get all they want where files are plenty")
    func plenty() throws {
        let budget = try ConnectionBudget(openFiles: 524_288, browsers: 20, clients: 10_000)
        #expect(budget.clients == 10_000)
        #expect(budget.perBrowser == 256)
        #expect(budget.notices.isEmpty)
    }

    @Test(
        "what is shared never exceeds what there is, and what was lowered is said",
        arguments: [(1024, 2), (4096, 8), (4096, 20), (8192, 40), (20_000, 40)], [1, 2])
    func scarce(_ machine: (openFiles: Int, browsers: Int), filesPerClient: Int) throws {
        let (openFiles, browsers) = machine
        let budget = try ConnectionBudget(
            openFiles: openFiles, browsers: browsers, clients: 10_000,
            filesPerClient: filesPerClient)
        #expect(budget.clients >= openFiles / 4 / filesPerClient)
        #expect(budget.perBrowser >= 32)
        let clientFiles = budget.clients * filesPerClient
        #expect(clientFiles + browsers * (16 + 2 * budget.perBrowser) + 256 <= openFiles)
        #expect(budget.notices.count == 1)
        #expect(budget.notices.first?.contains("LimitNOFILE") == true)
    }

    @Test("a gateway, with no browsers of its own, gives its clients what there is")
    func noBrowsers() throws {
        let budget = try ConnectionBudget(
            openFiles: 20_000, browsers: 0, clients: 10_000, filesPerClient: 2)
        #expect(budget.clients == (20_000 - 256) / 2)
        #expect(budget.notices.count == 1)
    }

    @Test("too few files for the browsers is an error that says how many would do")
    func tooFew() throws {
        let error = #expect(throws: SettingsProblem.self) {
            try ConnectionBudget(openFiles: 1024, browsers: 20, clients: 10_000)
        }
        let text = try #require(error?.description)
        let needed = try #require(text.firstMatch(of: /allow (\d+)/).flatMap { Int($0.1) })
        _ = try ConnectionBudget(openFiles: needed, browsers: 20, clients: 10_000)
    }

    @Test("the limit of open files is raised to the hard one")
    func raised() {
        let limit = OpenFiles.raise()
        #expect(limit >= 256)
        #expect(OpenFiles.raise() == limit)
    }
}
