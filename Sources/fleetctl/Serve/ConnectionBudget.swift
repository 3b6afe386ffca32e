// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetEgress

/// How the descriptors that a process may have are shared between its clients and its browsers, so
/// that neither side can take what the other needs.
struct ConnectionBudget: Equatable, Sendable {
    /// Descriptors that may be open.
    let openFiles: Int
    /// Connections that clients may have.
    let clients: Int
    /// Connections that one browser may have to the outside.
    let perBrowser: Int
    /// What the operator should hear: what was lowered, and how to get it back.
    let notices: [String]

    /// For the process itself: its log, store, event loops and what comes and goes.
    private static let ownFiles = 256
    /// One browser's pipes, its relay's door, and what its start holds for a moment.
    private static let filesPerBrowser = 16
    /// A connection through the relay has a descriptor on either side.
    private static let filesPerConnection = 2
    /// Fewer would make ordinary pages fail.
    private static let fewestPerBrowser = 32

    /// - Parameters:
    ///   - openFiles: descriptors that may be open.
    ///   - browsers: browsers at once.
    ///   - wanted: connections of clients that the operator wants.
    ///   - filesPerClient: descriptors of each: two where it may be passed on to another server.
    /// - Throws: a problem if not even the fewest connections fit.
    init(
        openFiles: Int, browsers: Int, clients wanted: Int, filesPerClient: Int = 1
    ) throws(SettingsProblem) {
        let usual = EgressLimits().connections
        func files(perBrowser: Int) -> Int {
            Self.ownFiles
                + browsers * (Self.filesPerBrowser + Self.filesPerConnection * perBrowser)
        }
        let most = max(openFiles - files(perBrowser: usual), openFiles / 4) / filesPerClient
        let clients = min(wanted, most)
        let left = openFiles - clients * filesPerClient - files(perBrowser: 0)
        let perBrowser =
            browsers == 0 ? usual : min(usual, left / (Self.filesPerConnection * browsers))
        guard perBrowser >= Self.fewestPerBrowser else {
            let needed = files(perBrowser: Self.fewestPerBrowser) * 4 / 3 + 1
            throw SettingsProblem(
                "this process may open \(openFiles) files, too few for MAX_BROWSERS \(browsers); "
                    + "allow \(needed) (ulimit -n, or LimitNOFILE= of the unit) or lower it")
        }
        self.openFiles = openFiles
        self.clients = clients
        self.perBrowser = perBrowser
        guard clients < wanted || perBrowser < usual else {
            notices = []
            return
        }
        notices = [
            "this process may open \(openFiles) files, so clients get \(clients) connections and "
                + "each browser \(perBrowser); for all of them allow "
                + "\(files(perBrowser: usual) + wanted * filesPerClient) (ulimit -n, or LimitNOFILE= of the unit)"
        ]
    }
}

extension ConnectionBudget: CustomStringConvertible {
    /// One line for the log.
    var description: String {
        "\(openFiles) files may be open: \(clients) connections of clients, "
            + "\(perBrowser) of each browser to the outside"
    }
}
