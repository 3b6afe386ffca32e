// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetSimulator
import Testing

@testable import fleetctl

@Suite("fleetctl simulate")
struct SimulateCommandTests {
    @Test("adds up every world once, whatever ran beside it")
    func adds() async {
        var alone = Campaign()
        alone.run(3..<63)
        let together = await SimulateCommand.campaign(first: 3, count: 60)
        #expect(SimulationReport(together) == SimulationReport(alone))
        #expect(together.seeds == 60)
        #expect(SimulationReport(together).table.rows.last == ["result", "all held"])
    }
}
