// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A plan in HAProxy's words: a front end and its back ends, to be given with a second `-f`.
///
/// Checks ask each server whether it takes new browsers and decide about these only: a server that
/// drains is still asked about the browsers it has.
enum HAProxyText {
    /// The whole text.
    static func of(_ plan: BalancerPlan) -> String {
        ([frontEnd(plan), anyServer(plan)] + plan.servers.map(oneServer)).joined(separator: "\n")
    }

    private static func frontEnd(_ plan: BalancerPlan) -> String {
        let known = plan.servers.map { server in
            "    acl owner_\(server.prefix) path_beg /browsers/\(server.prefix)_ "
                + "/devtools/browser/\(server.prefix)_"
        }
        let uses = plan.servers.map { server in
            "    use_backend fleet_\(server.prefix) if owner_\(server.prefix)"
        }
        let strangers = plan.servers.map { "!owner_\($0.prefix)" }.joined(separator: " ")
        let listen = plan.listen.contains(":") ? plan.listen : ":\(plan.listen)"
        let hosts = plan.names.isEmpty ? "" : hostRules(plan.names)
        return """
            # Written by fleetctl haproxy-config: haproxy -f /etc/haproxy/haproxy.cfg -f fleet.cfg
            # The servers need TRUSTED_PROXIES with this machine's address, and ALLOWED_HOSTS with
            # the name that clients use.
            frontend fleet
                mode http
                bind \(listen)
                timeout client 75s
                timeout http-request 10s
            \(hosts)    http-request del-header X-Fleet-Signature
                http-request set-header X-Forwarded-For %[src]
                http-request set-header X-Forwarded-Host %[req.hdr(host)]
                http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
                # A call about a browser: the server that the browser's ID names, and no other.
            \(known.joined(separator: "\n"))
                acl names_a_server path_reg ^/(browsers|devtools/browser)/[^/]*_
                http-request return status 421 content-type application/problem+json string \
            '\(BalancerPlan.unknownOwner)' if names_a_server \(strangers)
            \(uses.joined(separator: "\n"))
                default_backend fleet_any

            """
    }

    private static func hostRules(_ names: [String]) -> String {
        "    acl own_name req.hdr(host),field(1,:) -i \(names.joined(separator: " "))\n"
            + "    http-request deny deny_status 421 unless own_name\n"
    }

    private static func anyServer(_ plan: BalancerPlan) -> String {
        let lines = plan.servers.map { server in
            line(server)
                + (server.weight == 1 ? "" : " weight \(min(256, server.weight))")
                + (server.isBackup ? " backup" : "")
        }
        return """
            # New browsers: any server, the one with the fewest connections first.
            backend fleet_any
            \(limits)
                balance leastconn
                # A full server is not a broken one: the next is asked.
                retries \(max(1, plan.servers.count - 1))
                option redispatch 1
                retry-on conn-failure empty-response response-timeout 503
                option httpchk
                http-check send meth GET uri /health/ready
                http-check expect status 204
                default-server check inter 2s rise 2 fall 3
            \(lines.joined(separator: "\n"))

            """
    }

    private static func oneServer(_ server: BalancerPlan.Server) -> String {
        """
        backend fleet_\(server.prefix)
        \(limits)
        \(line(server))

        """
    }

    // Longer than any caller waits for a browser, and than two pings of a socket.
    private static let limits = """
            mode http
            timeout connect 2s
            timeout server 3600s
            timeout tunnel 3600s
        """

    private static func line(_ server: BalancerPlan.Server) -> String {
        let line = "    server \(server.prefix) \(server.authority)"
        guard server.endpoint.scheme == .https else { return line }
        return line
            + " ssl verify required ca-file @system-ca sni str(\(server.name)) "
            + "verifyhost \(server.name)"
    }
}
