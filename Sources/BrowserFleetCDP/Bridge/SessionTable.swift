// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// One session that belongs to a client, as Chromium has told of it.
struct Session: Equatable, Sendable {
    let key: SessionKey
    /// The place of its client in the bridge's `ClientTable`.
    let client: Int
    /// The place of the session it was attached through; nil for a client's root.
    let parent: Int?
    /// Chromium's name of what it is attached to.
    let targetID: String
    let kind: Kind
    /// Whether a message has come from it by its name, so that it is one of the flat kind.
    var isProven = false
    /// The places of the sessions attached through it.
    var children: [Int] = []
    /// The numbers of its client's calls that wait for an answer.
    var pending: Set<Int32> = []
    /// Those of them that make a page.
    var creating: [Int32] = []

    /// What a session is attached to.
    enum Kind: Equatable, Sendable {
        case browser
        case page
        case other

        /// The kind for Chromium's word for it.
        init(_ type: String?) {
            switch type {
            case "browser": self = .browser
            case "page": self = .page
            default: self = .other
            }
        }
    }
}

/// The sessions of all clients, found by name, each in a numbered place while it lasts.
struct SessionTable: Equatable, Sendable {
    /// The sessions by place; places in `vacant` hold one that has ended.
    var places: [Session] = []
    private var vacant: [Int] = []
    private var index: [SessionKey: Int] = [:]

    /// How many sessions there are.
    var count: Int { index.count }

    /// The place of the session called `key`.
    @inline(__always)
    func find(_ key: SessionKey) -> Int? { index[key] }

    /// Takes a session in and answers with its place. Its name must be new.
    mutating func add(_ session: Session) -> Int {
        let place = vacant.popLast() ?? places.count
        if place == places.count { places.append(session) } else { places[place] = session }
        index[session.key] = place
        if let parent = session.parent { places[parent].children.append(place) }
        return place
    }

    /// Removes the session at `place` and all that were attached through it, each with its place,
    /// parents first. Chromium tells of the first only.
    mutating func end(_ place: Int) -> [(place: Int, session: Session)] {
        if let parent = places[place].parent { places[parent].children.removeAll { $0 == place } }
        var ended: [(place: Int, session: Session)] = []
        var next = [place]
        while let place = next.popLast() {
            ended.append((place, places[place]))
            next.append(contentsOf: places[place].children.reversed())
            index[places[place].key] = nil
            places[place].pending = []
            places[place].children = []
            vacant.append(place)
        }
        return ended
    }

    /// The places in use, in order.
    var inUse: [Int] { index.values.sorted() }

    /// Stops the program if the table disagrees with itself.
    func checkInvariants() {
        precondition(Set(vacant).count == vacant.count, "a place is vacant twice")
        precondition(Set(index.values).count == index.count, "two sessions in one place")
        precondition(index.count + vacant.count == places.count, "a place is lost")
        for (key, place) in index {
            precondition(places[place].key == key, "a session is found under another's name")
            precondition(!vacant.contains(place), "a session is in a vacant place")
            for child in places[place].children {
                precondition(places[child].parent == place, "a child does not know its parent")
                precondition(places[child].client == places[place].client, "a child changed hands")
            }
        }
    }
}
