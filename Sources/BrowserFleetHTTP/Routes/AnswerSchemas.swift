// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore

/// The schemas of answers; a test holds each against what is really encoded.
enum AnswerSchemas {
    static let text: JSONTree = ["type": "string"]
    static let whole: JSONTree = ["type": "integer"]
    static let number: JSONTree = ["type": "number"]
    static let truth: JSONTree = ["type": "boolean"]
    static let moment: JSONTree = ["type": "string", "format": "date-time"]
    static let wholes: JSONTree = ["type": "object", "additionalProperties": whole]
    static let texts: JSONTree = ["type": "object", "additionalProperties": text]

    static func choice(_ words: [String]) -> JSONTree {
        ["type": "string", "enum": .array(words.map { .string($0) })]
    }

    static func reference(_ name: String) -> JSONTree {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    static func object(
        _ required: [(String, JSONTree)], optional: [(String, JSONTree)] = []
    ) -> JSONTree {
        [
            "type": "object", "additionalProperties": false,
            "required": .array(required.map { .string($0.0) }),
            "properties": .object((required + optional).map { JSONMember($0.0, $0.1) }),
        ]
    }

    /// Every component, by name.
    static var all: [JSONMember] {
        [
            JSONMember("Problem", problem), JSONMember("Browser", browser),
            JSONMember(
                "BrowserList",
                object(
                    [("browsers", list(reference("Browser")))],
                    optional: [
                        ("nextCursor", text), ("partial", truth), ("unanswered", list(text)),
                    ])),
            JSONMember(
                "Deleted",
                object([("deleted", ["const": true]), ("id", text), ("reason", deletions)])),
            JSONMember(
                "Token",
                object([
                    ("id", text), ("wss", text), ("token", text),
                    ("scope", choice(TokenScope.allCases.map(\.rawValue))), ("expiresAt", moment),
                ])),
            JSONMember("Health", health), JSONMember("SessionHealth", sessionHealth),
            JSONMember("Stats", stats), JSONMember("Limits", limits),
            JSONMember("Server", server),
            JSONMember("ServerList", object([("servers", list(reference("Server")))])),
            JSONMember("ServerRemoved", object([("removed", ["const": true]), ("id", text)])),
            JSONMember(
                "ServerCheck",
                object(
                    [("id", text), ("passed", truth)], optional: [("responseTimeMs", number)])),
            JSONMember("ClusterStatus", clusterStatus),
            JSONMember("ClusterMetrics", clusterMetrics), JSONMember("Resolve", resolve),
            JSONMember("Placement", placement),
            JSONMember("AuditList", auditList), JSONMember("Assignment", assignment),
            JSONMember(
                "AssignmentRemoved", object([("deleted", ["const": true]), ("key", text)])),
        ]
    }

    static func list(_ items: JSONTree) -> JSONTree {
        ["type": "array", "items": items]
    }

    private static var reasons: JSONTree { choice(EndReason.allCases.map(\.rawValue)) }

    /// A browser also ends with its server.
    private static var deletions: JSONTree {
        choice(EndReason.allCases.map(\.rawValue) + [ProblemCode.serverLost.rawValue])
    }

    private static var problem: JSONTree {
        object(
            [
                ("type", text), ("title", text), ("status", whole), ("detail", text),
                ("code", choice(ProblemCode.allCases.map(\.rawValue))), ("instance", text),
            ],
            optional: [
                ("retryAfterMs", whole),
                ("queue", object([("position", whole)], optional: [("estimateMs", whole)])),
            ])
    }

    private static var browser: JSONTree {
        object(
            [
                ("id", text), ("expiresAt", moment), ("server", text),
                ("status", choice(BrowserResponse.Status.allCases.map(\.rawValue))),
                ("start", choice(BrowserResponse.Start.allCases.map(\.rawValue))),
                ("createdAt", moment), ("headful", truth), ("connections", whole),
                ("bytesIn", whole), ("bytesOut", whole), ("refusedConnections", whole),
                ("idleMs", whole), ("metadata", texts),
            ],
            optional: [
                ("wss", text), ("endedAt", moment), ("endReason", reasons),
                ("placement", reference("Placement")),
            ])
    }

    private static var health: JSONTree {
        object([
            ("status", text), ("serverId", text), ("hostname", text), ("browsers", whole),
            ("maxBrowsers", whole), ("available", whole), ("uptime", whole),
            (
                "memory",
                object([
                    ("heapUsed", whole), ("heapTotal", whole), ("rss", whole), ("browsers", whole),
                ])
            ),
            ("activeSessions", whole), ("maxSessions", whole), ("activeConnections", whole),
            ("version", text), ("chromium", text), ("sandbox", text), ("timestamp", moment),
        ])
    }

    private static var sessionHealth: JSONTree {
        object([
            ("status", text), ("sessions", object([("active", whole), ("max", whole)])),
            ("workers", object([("totalBrowsers", whole), ("averageLoad", number)])),
            ("queues", object([("requests", whole), ("screenshots", whole)])),
        ])
    }

    private static var stats: JSONTree {
        let latency = object([
            ("count", whole), ("p50Ms", number), ("p95Ms", number), ("p99Ms", number),
        ])
        return object([
            ("uptime", whole), ("created", whole), ("warmStarts", whole), ("coldStarts", whole),
            ("ended", wholes), ("errors", wholes), ("connections", whole),
            ("latencies", ["type": "object", "additionalProperties": latency]),
        ])
    }

    private static var limits: JSONTree {
        object(
            [
                ("key", text), ("browsers", whole), ("nextCreateInMs", whole),
                ("maxPriority", choice(RequestPriority.allCases.map(\.rawValue))),
                ("available", whole), ("waiting", whole),
            ],
            optional: [
                ("maxBrowsers", whole), ("createsPerMinute", whole), ("createsLeft", whole),
            ])
    }
}
