// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What may be written as the value of a setting.
enum SettingKind: Equatable, Sendable {
    /// Any text that is not empty.
    case text
    /// A text that is shown masked, may come from a file and never from a flag.
    case secret
    /// `http://` or `https://` and a host. Shown without user and password.
    case url
    /// An address of a store; may carry a password, so it is shown without one.
    case storeAddress
    /// Texts separated by commas, or a list in `fleet.yaml`.
    case list
    /// A whole number in a range.
    case count(ClosedRange<Int>)
    /// A time in a range; a bare number is in `bare`.
    case duration(ClosedRange<Duration>, bare: DurationText.Unit = .second)
    /// A number of bytes in a range.
    case bytes(ClosedRange<Int64>)
    /// One of some words.
    case choice([String])
    /// `true` or `false`; as a flag it needs no value.
    case toggle
}
