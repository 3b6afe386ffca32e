// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import Synchronization

/// The launches and browsers of one launcher that are not fully gone yet.
final class LiveBrowsers: Sendable {
    private struct Entry: Sendable {
        var browser: ChromiumBrowser?
        /// A sweep found that no slot accounts for it; the next one ends it.
        var isSuspect = false
    }

    private let entries = Mutex<[SlotID: Entry]>([:])

    /// Slots with a launch or a browser.
    var slots: Set<SlotID> { entries.withLock { Set($0.keys) } }

    /// Enters a launch, before anything of it exists.
    func begin(_ slot: SlotID) {
        entries.withLock { $0[slot] = Entry() }
    }

    /// A launch became a browser.
    func add(_ browser: ChromiumBrowser) {
        entries.withLock { $0[browser.slot]?.browser = browser }
    }

    /// Everything of this slot is gone.
    func remove(_ slot: SlotID) {
        _ = entries.withLock { $0.removeValue(forKey: slot) }
    }

    /// Browsers that no slot accounted for in this sweep nor in the one before: a slot taken just
    /// after the caller listed the owned ones must not cost its browser.
    func unowned(by owned: Set<SlotID>) -> [ChromiumBrowser] {
        entries.withLock { entries in
            var ended: [ChromiumBrowser] = []
            for slot in entries.keys.sorted() {
                let isOwned = owned.contains(slot)
                if !isOwned, entries[slot]?.isSuspect == true, let browser = entries[slot]?.browser
                {
                    ended.append(browser)
                }
                entries[slot]?.isSuspect = !isOwned
            }
            return ended
        }
    }
}
