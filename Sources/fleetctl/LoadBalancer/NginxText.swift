// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// A plan in nginx's words, to be included in the `http` block.
///
/// Health is what nginx sees of real traffic: a server that fails three times is left out for ten
/// seconds, and one that answers a create with 503 passes it to the next.
enum NginxText {
    /// The whole text.
    static func of(_ plan: BalancerPlan) -> String {
        ([heading, anyServer(plan)] + plan.servers.map(oneServer) + [maps(plan), server(plan)])
            .joined(separator: "\n")
    }

    private static let heading = """
        # Written by fleetctl nginx-config, for the http block (/etc/nginx/conf.d/fleet.conf).
        # The servers need TRUSTED_PROXIES with this machine's address, and ALLOWED_HOSTS with the
        # name below.

        """

    private static func anyServer(_ plan: BalancerPlan) -> String {
        let lines = plan.servers.map { server in
            let weight = server.weight == 1 ? "" : " weight=\(server.weight)"
            return "    server \(server.authority)\(weight)\(server.isBackup ? " backup" : "") "
                + "max_fails=3 fail_timeout=10s;"
        }
        return """
            # New browsers: any server, the one with the fewest connections first.
            upstream fleet_any {
                zone fleet_any 64k;
                least_conn;
            \(lines.joined(separator: "\n"))
                keepalive 16;
            }

            """
    }

    private static func oneServer(_ server: BalancerPlan.Server) -> String {
        """
        upstream fleet_\(server.prefix) {
            server \(server.authority) max_fails=0;
            keepalive 16;
        }

        """
    }

    private static func maps(_ plan: BalancerPlan) -> String {
        let owners = plan.servers.map { server in
            "    ~^/(?:browsers|devtools/browser)/\(server.prefix)_ fleet_\(server.prefix);"
        }
        return """
            # A call about a browser: the server that the browser's ID names, and no other.
            map $uri $fleet_server {
                default fleet_any;
            \(owners.joined(separator: "\n"))
                ~^/(?:browsers|devtools/browser)/[^/]*_ "";
            }

            map $http_upgrade $fleet_connection {
                default upgrade;
                "" "";
            }

            """
    }

    private static func server(_ plan: BalancerPlan) -> String {
        let names = plan.names.isEmpty ? "_" : plan.names.joined(separator: " ")
        return """
            server {
                listen \(plan.listen);
                server_name \(names);
                client_max_body_size 64k;
                large_client_header_buffers 4 32k;

                if ($fleet_server = "") {
                    rewrite ^ /fleet-owner-unknown last;
                }

                location = /fleet-owner-unknown {
                    internal;
                    default_type application/problem+json;
                    return 421 '\(BalancerPlan.unknownOwner)';
                }

                location / {
                    proxy_pass \(plan.scheme.rawValue)://$fleet_server;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $fleet_connection;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Host $http_host;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Fleet-Signature "";
                    proxy_buffering off;
                    proxy_connect_timeout 2s;
                    # Longer than any caller waits for a browser, and than two pings of a socket.
                    proxy_read_timeout 3600s;
                    # A full server is not a broken one: the next is asked.
                    proxy_next_upstream error timeout http_503 non_idempotent;
                    proxy_next_upstream_tries \(plan.servers.count);
                }
            }

            """
    }
}
