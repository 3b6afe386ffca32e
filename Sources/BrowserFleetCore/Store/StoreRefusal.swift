// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Why the registry or the assignments stay as they are: the answer of a rule, not of a fault.
public enum StoreRefusal: Error, Hashable, Sendable {
    /// The registry has no server of this ID.
    case serverNotKnown(ServerID)
    /// The server stands in the registry already.
    case serverExists(ServerID)
    /// The registry does not know this process; it has to register (again).
    case notRegistered(ServerID)
    /// A newer process has the name; the caller must stop to act in it.
    case fenced(by: ServerEpoch)
    /// Not what the caller expects stands under the server name, but this; `nil` for nothing.
    case nameChanged(to: ServerEpoch?)
    /// A value cannot be taken: which field, and how to mend it.
    case invalid(field: String, advice: String)
    /// Something else stands there than the caller expects; this is what, `nil` for nothing.
    case conflict(Assignment?)
    /// The key belongs to somebody else.
    case notOwner(AssignmentKey)
    /// No server can take the key now.
    case noServer

    /// The word used in the API, metrics and events.
    public var word: String {
        switch self {
        case .serverNotKnown, .notRegistered: "unknown-server"
        case .serverExists: "server-exists"
        case .fenced: "fenced"
        case .nameChanged: "stale-epoch"
        case .invalid: "invalid-value"
        case .conflict, .notOwner: "assignment-conflict"
        case .noServer: "no-server"
        }
    }
}

extension StoreRefusal: CustomStringConvertible {
    /// What is wrong and how to mend it, in one line for people.
    public var description: String {
        switch self {
        case .serverNotKnown(let id): "the registry has no server \(Quoted(id.text))"
        case .serverExists(let id):
            "the registry has a server \(Quoted(id.text)) already; change that one or remove it"
        case .notRegistered(let id):
            "the registry does not know this process of \(Quoted(id.text)); it has to register"
        case .fenced(let epoch):
            "a newer process (epoch \(epoch)) has this server's name; stop one of the two or "
                + "give them different names"
        case .nameChanged(let epoch?):
            "the server's name is held by a process of epoch \(epoch); read it and try again"
        case .nameChanged(nil): "nobody holds the server's name; try again without an epoch"
        case .invalid(let field, let advice): "\(field): \(advice)"
        case .conflict(let assignment?):
            "the key is at epoch \(assignment.epoch) on \(Quoted(assignment.server.text)); read it "
                + "and try again"
        case .conflict(nil): "the key is not assigned; try again without an epoch"
        case .notOwner: "the key belongs to another owner"
        case .noServer: "no server of the fleet can take the key now; try again later"
        }
    }
}

extension StoreRefusal {
    /// What a process's ``NameClaim`` is to be told when the registry refuses the process; `nil`
    /// if that is no matter of its name.
    public var claimEvent: NameClaim.Event? {
        switch self {
        case .nameChanged(let epoch): .beaten(epoch)
        case .fenced(let epoch): .read(epoch)
        case .notRegistered: .read(nil)
        case .serverNotKnown, .serverExists, .invalid, .conflict, .notOwner, .noServer: nil
        }
    }
}
