// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore

extension AnswerSchemas {
    static var server: JSONTree {
        object(
            [
                ("id", text), ("server", text), ("url", text),
                ("origin", choice(ServerEntry.Origin.allCases.map(\.rawValue))),
                ("status", choice(ServerStanding.allCases.map(\.rawValue))), ("healthy", truth),
                ("labels", texts), ("priority", whole), ("weight", whole), ("backup", truth),
                ("capacity", whole), ("leased", whole), ("free", whole), ("warm", whole),
                ("waiting", whole), ("connections", whole),
            ],
            optional: [
                ("name", text), ("type", text), ("region", text), ("description", text),
                ("refusal", text), ("responseTimeMs", number), ("lastSeen", moment),
                ("epoch", whole), ("version", text),
            ])
    }

    static var clusterStatus: JSONTree {
        object([
            ("serverId", text),
            ("status", choice(ClusterStatusResponse.Status.allCases.map(\.rawValue))),
            ("connections", whole), ("uptime", whole), ("clusterSize", whole),
            ("servers", wholes), ("waiting", whole),
        ])
    }

    static var clusterMetrics: JSONTree {
        object([
            ("totalServers", whole), ("totalConnections", whole), ("averageLoad", number),
            (
                "recommendedAction",
                choice(ClusterMetricsResponse.Action.allCases.map(\.rawValue))
            ),
            ("totalBrowsers", whole), ("totalCapacity", whole), ("waiting", whole),
            ("timestamp", moment),
        ])
    }

    static var resolve: JSONTree {
        object(
            [
                ("id", text), ("server", text), ("by", text),
                ("standing", choice(ResolveResponse.Standing.allCases.map(\.rawValue))),
            ],
            optional: [("url", text)])
    }

    static var placement: JSONTree {
        object([
            ("strategy", text),
            (
                "considered",
                list(object([("server", text), ("free", whole)], optional: [("obstacle", text)]))
            ),
            ("attempts", list(object([("server", text), ("outcome", text)]))),
        ])
    }
}
