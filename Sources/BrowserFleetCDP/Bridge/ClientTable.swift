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
    private var vacant: [Int] = []
    private var index: [ClientID: Int] = [:]

    /// How many clients there are, those leaving left out.
    var presentCount: Int { index.count }

    /// The place of a client that is not leaving.
    @inline(__always)
    func find(_ id: ClientID) -> Int? { index[id] }

    /// Takes a client in and answers with its place. Its number must be new.
    mutating func add(_ client: Client) -> Int {
        let place = vacant.popLast() ?? places.count
        if place == places.count { places.append(client) } else { places[place] = client }
        index[client.id] = place
        return place
    }

    /// From here on the client is not found any more; its place stays.
    mutating func startLeaving(_ place: Int) {
        index[places[place].id] = nil
        places[place].phase = .leaving
    }

    /// The place of a client that is leaving is free again.
    mutating func finishLeaving(_ place: Int) {
        vacant.append(place)
    }

    /// The places of the clients that are not leaving, in the order of their numbers.
    var present: [Int] { index.sorted { $0.key < $1.key }.map(\.value) }

    /// Stops the program if the table disagrees with itself.
    func checkInvariants() {
        precondition(Set(vacant).count == vacant.count, "a place is vacant twice")
        for (id, place) in index {
            precondition(places[place].id == id, "a client is found under another's number")
            precondition(places[place].phase != .leaving, "a leaving client is found")
            precondition(!vacant.contains(place), "a client is in a vacant place")
        }
    }
}
