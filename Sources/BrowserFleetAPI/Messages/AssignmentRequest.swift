// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The body of `PUT /assignments/:key`.
public struct AssignmentRequest: Hashable, Sendable, Codable {
    /// The server, by its ID.
    public var server: String
    /// Whose key it is to be; the caller's own if absent.
    public var owner: String?
    /// The epoch of the assignment that is to be replaced; absent if there is to be none.
    public var epoch: Int64?

    /// Creates a request.
    public init(server: String, owner: String? = nil, epoch: Int64? = nil) {
        self.server = server
        self.owner = owner
        self.epoch = epoch
    }

    /// What the body may hold.
    public static let fields = FieldTable(
        "an assignment",
        [
            FieldRule("server", .text(longest: 128), isRequired: true, "The server, by its ID."),
            FieldRule(
                "owner", .text(longest: 256),
                "Whose key it is to be; your own if absent. Others' need the scope admin."),
            FieldRule(
                "epoch", .integer(0...Int.max),
                "The epoch that you have seen; absent if the key is to be new."),
        ])

    /// Reads a body that has been made a tree.
    public init(checking tree: JSONTree) throws(FieldFault) {
        try Self.fields.check(tree)
        self.init(
            server: tree["server"]?.string ?? "", owner: tree["owner"]?.string,
            epoch: tree["epoch"]?.wholeNumber)
    }
}

/// The answer of `GET` and `PUT /assignments/:key`.
public struct AssignmentResponse: Hashable, Sendable, Codable {
    /// The key.
    public var key: String
    /// Whose it is.
    public var owner: String
    /// The ID of the server it is bound to.
    public var server: String
    /// Grows with each move; what a change compares with.
    public var epoch: Int64
    /// Since when it is there.
    public var assignedAt: Timestamp

    /// Creates an answer.
    public init(key: String, owner: String, server: String, epoch: Int64, assignedAt: Timestamp) {
        self.key = key
        self.owner = owner
        self.server = server
        self.epoch = epoch
        self.assignedAt = assignedAt
    }
}

/// The answer of `DELETE /assignments/:key`.
public struct AssignmentRemovedResponse: Hashable, Sendable, Codable {
    /// Always true: afterwards the key is bound to nothing.
    public var deleted = true
    /// The key.
    public var key: String

    /// Creates an answer.
    public init(key: String) { self.key = key }
}
