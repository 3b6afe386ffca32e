// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What the bridge knows of one client.
struct Client: Equatable, Sendable {
    let id: ClientID
    let root: ClientRoot
    let isInternal: Bool
    var phase: Phase
    /// `,"sessionId":"…"` with the name of its root session: what its messages lack.
    var label: [UInt8] = []
    /// The name of its root session.
    var rootName = ""
    /// How many of its calls wait for an answer, over all its sessions.
    var pendingCount = 0
    /// How many sessions it has, its root included.
    var sessionCount = 0
    var queue = QueueLevel.low
    /// When it last sent anything.
    var lastHeard: FleetInstant
    /// Whether it let something it held run out of time and has not been heard since.
    var isUnresponsive = false

    /// `attaching -> attached -> leaving`, or `attaching -> leaving`; then it is removed.
    enum Phase: Equatable, Sendable {
        /// Waits for its root session; gives up at the instant.
        case attaching(until: FleetInstant)
        /// Has its root session, at this place of the `SessionTable`.
        case attached(root: Int)
        /// Gone; its root session is being detached.
        case leaving
    }
}

/// The clients of a bridge, each in a numbered place while anything of it is left.
struct ClientTable: Equatable, Sendable {
    /// The clients by place; places in `vacant` hold one that is gone.
    var places: [Client] = []
    /// The places of the clients that are not leaving, in the order of their numbers.
    private(set) var present: [Int] = []
    private var vacant: [Int] = []

    /// How many clients there are, those leaving left out.
    var presentCount: Int { present.count }

    /// How many of them are not tasks of our own.
    var outsideCount: Int { present.count { !places[$0].isInternal } }

    /// The place of a client that is not leaving.
    @inline(__always)
    func find(_ id: ClientID) -> Int? {
        let rank = rank(of: id)
        guard rank < present.count else { return nil }
        let place = present[rank]
        return places[place].id == id ? place : nil
    }

    /// Where among those present `id` stands or would stand. There are few, and hashing costs more.
    @inline(__always)
    private func rank(of id: ClientID) -> Int {
        var (low, high) = (0, present.count)
        while low < high {
            let middle = (low + high) / 2
            if places[present[middle]].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes a client in and answers with its place. Its number must be new.
    mutating func add(_ client: Client) -> Int {
        let place = vacant.popLast() ?? places.count
        if place == places.count { places.append(client) } else { places[place] = client }
        present.insert(place, at: rank(of: client.id))
        return place
    }

    /// From here on the client is not found any more; its place stays.
    mutating func startLeaving(_ place: Int) {
        let rank = rank(of: places[place].id)
        if rank < present.count, present[rank] == place { present.remove(at: rank) }
        places[place].phase = .leaving
    }

    /// The place of a client that is leaving is free again.
    mutating func finishLeaving(_ place: Int) {
        vacant.append(place)
    }

    /// Stops the program if the table disagrees with itself.
    func checkInvariants() {
        precondition(Set(vacant).count == vacant.count, "a place is vacant twice")
        for place in present {
            precondition(find(places[place].id) == place, "a client is not found")
            precondition(places[place].phase != .leaving, "a leaving client is found")
            precondition(!vacant.contains(place), "a client is in a vacant place")
        }
    }
}
