// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetEgress

/// How browsers are started. The default suits one machine with Chromium and bubblewrap installed.
public struct ChromiumConfiguration: Sendable {
    /// How far a browser is shut in.
    public enum Isolation: String, Sendable, CaseIterable {
        /// A rootless jail of its own for every browser. Refuses to launch where it cannot be had.
        case jail
        /// No jail: the container around the server is the boundary, for one tenant only. Pipe,
        /// relay and the engine's sandbox stay.
        case container
    }

    /// The executable for every browser (`CHROMIUM_PATH`); nil searches the usual places, the
    /// headless shell for headless browsers and Chromium for those with a screen.
    public var executable: String?
    /// How far a browser is shut in (`ISOLATION`).
    public var isolation = Isolation.jail
    /// Whether Chromium's own sandbox must start. Only an operator turns it off (`--no-sandbox`).
    public var sandbox = true
    /// The server's data folder (`DATA_DIR`): marks what is ours; holds profiles only without a jail.
    public var dataDirectory: String
    /// Where browsers may go (`EGRESS_ALLOW`).
    public var egress = EgressPolicy()
    /// The bounds of each browser's way out.
    public var egressLimits = EgressLimits()
    /// Whom browsers run as when the server is root: a user's name.
    public var user = "browserfleet"
    /// Bytes of memory that a browser's files may take: profile, caches and downloads.
    public var scratchBytes: Int64 = 512 << 20
    /// How long a start may take before it is given up.
    public var launchTimeout = Duration.seconds(20)
    /// How long a page may take to load for a screenshot, a PDF or its content.
    public var navigationTimeout = Duration.seconds(30)
    /// Absolute path of bubblewrap; nil searches `PATH`.
    public var bubblewrap: String?
    /// Absolute path of Xvfb; nil searches `PATH`.
    public var xvfb: String?

    /// The default configuration of an installation.
    ///
    /// - Parameter dataDirectory: its data folder; two servers of one user need two.
    public init(dataDirectory: String = Self.userDataDirectory) {
        self.dataDirectory = dataDirectory
    }
}
