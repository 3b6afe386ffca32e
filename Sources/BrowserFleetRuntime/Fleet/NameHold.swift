// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetCore

/// A process's hold of its server name: under which epoch it reports itself, and whether it may
/// take new leases under it.
public protocol NameHold: Sendable {
    /// The present hold; `nil` before there is one and after it was lost.
    var epoch: ServerEpoch? { get }

    /// Whether the hold is sure at this very moment. A process that may have lost its name serves
    /// what it has and takes nothing new.
    var mayTake: Bool { get }

    /// The hold and the number of the next report under it, counted from 1; `nil` without a hold.
    func next() -> (epoch: ServerEpoch, sequence: UInt64)?

    /// Somebody does not listen to this process, for another of its name has this number.
    ///
    /// - Returns: whether a higher number was taken just now, so that a report is due.
    func refused(newest: Int64) -> Bool
}
