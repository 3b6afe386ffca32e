// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Mistakes around the taking of names, to prove that the checkers find them.
public enum PlantedClaimBug: String, Hashable, Sendable, CaseIterable {
    /// Whoever hears from servers listens to an older epoch too.
    case listensToOlder
    /// The same number of another process is listened to.
    case listensToEqual
    /// A process that was fenced goes on.
    case ignoresFence
    /// The store writes without comparing.
    case writesBlindly
    /// The store is never looked at again.
    case neverRenews
    /// A number that somebody does not listen to is kept.
    case keepsLowNumber
    /// The number is taken from the clock alone.
    case trustsClock
    /// An older entry that the store brought back is waited for to change.
    case waitsForTheDead
    /// The number is taken from the store alone.
    case countsFromStore
}
