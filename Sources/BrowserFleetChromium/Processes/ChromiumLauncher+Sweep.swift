// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore
public import BrowserFleetRuntime
import Logging

extension ChromiumLauncher {
    /// Ends what no slot accounts for: browsers of ours that the pool no longer owns, processes of
    /// ours that belong to no browser, and all that a dead server of this installation left behind.
    public func sweep(keeping owned: Set<SlotID>) async -> SweepReport {
        var report = SweepReport()
        for browser in live.unowned(by: owned) {
            report.processes += ProcessTree(root: browser.processID).processes.count
            await browser.end(.evicted)
        }
        // Read before the list of live slots: what was found must have been entered before it began.
        let found = MarkedProcess.all()
        let slots = folder.ownSlots()
        let kept = live.slots
        for found in found where isLeftover(found, kept) {
            found.process.kill()
            report.processes += 1
        }
        let keptNames = Set(kept.map(\.description))
        let files = await folder.sweep(removing: slots.filter { !keptNames.contains($0) })
        report.processes += files.processes
        report.folders += files.folders
        OrphanReaper.reap()
        if report != SweepReport() {
            logger.notice(
                "Swept leftovers.",
                metadata: ["processes": "\(report.processes)", "folders": "\(report.folders)"])
        }
        return report
    }

    private func isLeftover(_ process: MarkedProcess, _ kept: Set<SlotID>) -> Bool {
        let ours = mark(process.mark.slot)
        guard process.mark.installation == ours.installation else { return false }
        guard process.mark.server == ours.server else { return !process.mark.server.isAlive }
        return process.mark.launcher == ours.launcher && !kept.contains(process.mark.slot)
    }
}

extension OwnerMark.Server {
    /// Whether that very process still runs, not a later one with its number.
    var isAlive: Bool {
        guard let stat = ProcessStat(pid: pid) else { return false }
        return stat.start == start && stat.isAlive
    }
}
