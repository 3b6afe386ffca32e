// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Writes whole messages of our own: calls to the browser, and answers to clients.
public enum CallMessage: Sendable {
    /// The message that calls `method`. `sessionID` nil means the root it is sent on.
    public static func encode(
        id: Int32, method: String, params: JSONValue? = nil, sessionID: String? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        bytes.append(contentsOf: "{\"id\":".utf8)
        bytes.append(contentsOf: String(id).utf8)
        bytes.append(contentsOf: ",\"method\":".utf8)
        JSONValue.append(method, to: &bytes)
        if let params {
            bytes.append(contentsOf: ",\"params\":".utf8)
            params.append(to: &bytes)
        }
        close(&bytes, sessionID: sessionID)
        return bytes
    }

    /// The answer that says the call `id` succeeded, with an empty result.
    static func success(id: Int32, sessionID: String?) -> [UInt8] {
        var bytes = Array("{\"id\":\(id),\"result\":{}".utf8)
        close(&bytes, sessionID: sessionID)
        return bytes
    }

    /// The answer that says the call failed; `id` is nil when the call had none we can read.
    static func failure(id: Int32?, _ error: CallError, sessionID: String?) -> [UInt8] {
        var bytes = Array("{".utf8)
        if let id { bytes.append(contentsOf: "\"id\":\(id),".utf8) }
        bytes.append(contentsOf: "\"error\":{\"code\":\(error.code),\"message\":".utf8)
        JSONValue.append(error.message, to: &bytes)
        bytes.append(JSONByte.closeBrace)
        close(&bytes, sessionID: sessionID)
        return bytes
    }

    private static func close(_ bytes: inout [UInt8], sessionID: String?) {
        if let sessionID {
            bytes.append(contentsOf: ",\"sessionId\":".utf8)
            JSONValue.append(sessionID, to: &bytes)
        }
        bytes.append(JSONByte.closeBrace)
    }
}

/// What a failed call is answered with: one of Chromium's codes and a sentence for a person.
struct CallError: Equatable, Sendable {
    let code: Int
    let message: String

    /// The words of Chromium for a session that is not, or not any more.
    static let noSuchSession = CallError(code: -32001, message: "Session with given id not found.")
    /// The words of Chromium for an envelope without a usable `id`.
    static let noID = invalid("Message must have integer 'id' property")
    /// The words of Chromium for an envelope without a usable `method`.
    static let noMethod = invalid("Message must have string 'method' property")
    /// The words of Chromium for a `sessionId` that is not a string.
    static let badSession = invalid("Message may have string 'sessionId' property")
    /// The words of Chromium for an envelope with a property it does not know.
    static let unknownProperty = invalid(
        "Message has property other than 'id', 'method', 'sessionId', 'params'")
    /// Chromium says as much with code -32700.
    static let duplicateProperty = CallError(
        code: -32700, message: "Message has the same property twice")
    static let reservedID = invalid("Message ids below \(CallID.firstOfClients) are reserved")
    static let tooManyCalls = CallError(
        code: -32000, message: "Too many calls of this connection wait for their answers")

    /// An error of the envelope.
    static func invalid(_ message: String) -> CallError {
        CallError(code: -32600, message: message)
    }

    /// A call that the bridge does not let through, and why.
    static func refused(_ message: String) -> CallError {
        CallError(code: -32000, message: message)
    }
}

/// The numbers of calls: the bridge has the lowest for itself, clients have the rest.
enum CallID {
    /// The lowest number a client may use.
    static let firstOfClients: Int32 = -2_000_000_000

    /// Whether `id` belongs to a call of the bridge itself.
    static func isOwn(_ id: Int32) -> Bool { id < firstOfClients }
}
