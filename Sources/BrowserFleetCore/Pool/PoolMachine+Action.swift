// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension PoolMachine {
    /// What the pool wants done. The driver carries actions out in order and decides nothing.
    public enum Action: Hashable, Sendable {
        /// Launch a browser for this slot. Answered by ``PoolMachine/Event/launched(_:)`` or
        /// ``PoolMachine/Event/launchFailed(_:_:)``.
        case launch(SlotID, LaunchProperties)
        /// Tell the caller that it has this browser. A caller that is gone by then is reported by
        /// ``PoolMachine/Event/cancelled(_:)``.
        case grant(RequestID, Grant)
        /// Tell the caller that it gets none.
        case refuse(RequestID, Refusal)
        /// Close the connections of the lease, if there is one, with the reason, then destroy
        /// the browser. A launch under way is given up. Comes once for an occupation of a slot.
        /// Answered by ``PoolMachine/Event/ended(_:)``.
        case end(SlotID, LeaseID?, EndReason)
        /// Destroy whatever there is of this slot by force: its launch never answered, or its end
        /// does not finish. May come again. Answered by ``PoolMachine/Event/ended(_:)``.
        case kill(SlotID)
        /// Say when the lease was last active, by ``PoolMachine/Event/activity(_:last:viewers:)``.
        case probeActivity(LeaseID)
        /// The pool drains or stops and no browser is left. Comes once for each drain.
        case drained
    }
}
