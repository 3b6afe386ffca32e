// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension FleetView {
    /// What is wrong with the view's state, one sentence each; empty if nothing is. Looks at
    /// everything: for tests and the simulator, after every event.
    public func checkInvariants() -> [String] {
        var broken: [String] = []
        let present = servers.compactMap(\.self)
        if present.count != places.count { broken.append("a server stands in no place") }
        let recount = (present.count(where: \.isWatched), present.count(where: \.isSuspect))
        if recount != (watched, silent) { broken.append("watched and silent are \(recount)") }
        if table.servers.count != places.count { broken.append("placement knows other servers") }
        if owners.count != places.count { broken.append("routing knows other servers") }
        for (place, server) in servers.enumerated() {
            guard let server else {
                if deadlines[place] != nil { broken.append("an empty place has a deadline") }
                continue
            }
            check(server, place, &broken)
        }
        return broken
    }

    private func check(_ server: WatchedServer, _ place: Int, _ broken: inout [String]) {
        let name = server.name
        if places[name.prefix] != place { broken.append("\(name) is not where it should be") }
        if server.standing != server.presentStanding { broken.append("\(name) changed unsaid") }
        if owners[name.prefix] != server.owner { broken.append("\(name) is routed wrongly") }
        if table[name] != server.facts { broken.append("\(name) is placed by old facts") }
        if deadlines[place] != server.nextDeadline { broken.append("\(name) has a wrong deadline") }
        if server.inFlight < 0 || server.takenSinceReport < 0 {
            broken.append("\(name) has calls less than none")
        }
        if server.isLost, server.trial != nil { broken.append("\(name) is tried and given up") }
        if server.origin == .own, server.detector != nil || server.checkAt != nil {
            broken.append("\(name) is this process and watched")
        }
        if server.isSuspect, server.nextDeadline == nil { broken.append("\(name) is forgotten") }
    }
}
