// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Every setting there is. The table is the one place that knows names, kinds and defaults; flags,
/// environment, file, help, `config show` and the tests read it.
enum SettingsCatalogue {
    /// The rows, in the order in which help and `config show` print them.
    static let all: [Setting] = node + browsers + limits + security + fleet + work

    /// The row of a setting. Every name has one; a test says so.
    static subscript(name: SettingName) -> Setting? { byName[name] }

    /// Variables of other systems that are accepted and do nothing.
    static let ignoredVariables = ["NODE_ENV", "ENABLE_CLUSTERING"]

    /// Variables that only help to find the server's ID.
    static let serverIDVariables = ["RAILWAY_STATIC_URL", "RAILWAY_SERVICE_NAME", "HOSTNAME"]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let node: [Setting] = [
        Setting(.host, .text, default: "127.0.0.1", "address to listen on"),
        Setting(.port, .count(0...65535), default: "3000", "port to listen on; 0 takes a free one"),
        Setting(.domain, .text, "server name in every browser ID (default: the host's name)"),
        Setting(.publicURL, .url, "URL under which clients reach this server"),
        Setting(.dataDirectory, .text, "folder for keys, profiles and the store"),
        Setting(.serverID, .text, "name in the registry, health answers and logs"),
        Setting(
            .role, .choice(["both", "node", "gateway"]), default: "both",
            "node owns browsers, gateway places and forwards"),
        Setting(
            .drainTimeout, .duration(.zero ... .hours(24)), default: "60s",
            "grace of leases at a stop"),
        Setting(
            .logLevel,
            .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            default: "info",
            "least level of log lines"),
        Setting(.logFormat, .choice(["text", "json"]), default: "text", "form of log lines"),
        Setting(.monitoringPort, .count(1...65535), use: .later, "second port, metrics and admin"),
    ]

    private static let browsers: [Setting] = [
        Setting(.chromiumPath, .text, "the browser's program (default: found)"),
        Setting(
            .isolation, .choice(["jail", "container"]), default: "jail", "how browsers are shut in"),
        Setting(.egressAllow, .list, "private addresses browsers may reach (CIDR, IP or host)"),
        Setting(.maxBrowsers, .count(1...10_000), "browsers at once (default: from the machine)"),
        Setting(.workerThreads, .count(1...1000), "with the next: MAX_BROWSERS as a product"),
        Setting(.browsersPerWorker, .count(1...1000), "see WORKER_THREADS"),
        Setting(
            .maxUsers, .count(1...10_000), also: ["MAX_CONCURRENT_SESSIONS"],
            "leases at once (default: MAX_BROWSERS)"),
        Setting(.warmBrowsers, .count(0...10_000), default: "2", "headless browsers kept ready"),
        Setting(.warmHeadful, .count(0...10_000), default: "0", "headful browsers kept ready"),
        Setting(.requestQueueSize, .count(0...100_000), default: "100", "callers that may wait"),
        Setting(
            .queueTimeout, .duration(.zero ... .hours(1)), default: "30s", "how long a caller waits"
        ),
        Setting(
            .sessionTimeout, .duration(.seconds(1) ... .hours(168)), default: "30m", "longest lease"
        ),
        Setting(
            .idleTimeout, .duration(.seconds(1) ... .hours(168)), default: "5m",
            "no traffic for so long"),
        Setting(
            .connectTimeout, .duration(.seconds(1) ... .hours(24)), default: "2m",
            "nobody ever came"),
        Setting(
            .disconnectGrace, .duration(.zero ... .hours(24)), default: "10s",
            "how long a browser of /connect waits for its client to come back"),
        Setting(
            .browserMemoryLimit, .bytes((64 << 20)...(1 << 40)), default: "1GiB",
            "memory of one browser"),
        Setting(.maxCPUPercent, .count(1...100), default: "90", "no new leases above this use"),
        Setting(.maxMemoryPercent, .count(1...100), default: "90", "no new leases above this use"),
        Setting(
            .sweepInterval, .duration(.seconds(1) ... .hours(1)), default: "30s", "zombie clean-up"),
        Setting(.screenshotQuality, .count(1...100), default: "70", "of JPEG and WebP pictures"),
        Setting(
            .targetFPS, .count(1...60), default: "8", use: .later, "frames a second of live view"),
    ]

    private static let limits: [Setting] = [
        Setting(.maxConnections, .count(1...1_000_000), default: "10000", "connections at once"),
        Setting(.maxConnectionsPerIP, .count(1...1_000_000), default: "100", "from one address"),
        Setting(.rateLimit, .count(1...1_000_000), "calls a minute of one key (default: off)"),
        Setting(
            .rateLimitPerIP, .count(1...1_000_000), "calls a minute of one address (default: off)"),
    ]

    private static let security: [Setting] = [
        Setting(.apiKey, .secret, "a key with every scope"),
        Setting(.apiKeysFile, .text, "file of hashed keys (see: fleetctl keys)"),
        Setting(.jwtSecret, .secret, "HS256 secret, at least 32 characters"),
        Setting(.jwtKeysFile, .text, "JWKS file of the issuer's public keys"),
        Setting(.jwtIssuer, .text, "issuer a JWT must have"),
        Setting(.jwtAudience, .text, "audience a JWT must have"),
        Setting(.internalAPIKey, .secret, "keys between servers, the first signs"),
        Setting(.allowedHosts, .list, "Host names that are answered (default: own names)"),
        Setting(.trustedProxies, .list, "proxies whose word on clients counts (address, CIDR)"),
        Setting(.corsOrigins, .list, also: ["FRONTEND_URL"], "browser origins that may call"),
        Setting(.tlsCertificate, .text, "certificate chain, PEM"),
        Setting(.tlsKey, .text, "private key, PEM"),
        Setting(.tlsAuthorities, .text, "certificates that other servers are trusted by, PEM"),
        Setting(.adminUsername, .text, use: .later, "sign-in of the admin page"),
        Setting(.adminPassword, .secret, use: .later, "sign-in of the admin page"),
    ]

    private static let fleet: [Setting] = [
        Setting(.domainSuffix, .list, "domains below which every name is a server (or URLs)"),
        Setting(.fallbackServer, .text, "owner of IDs that name no server"),
        Setting(
            .serverURL, .url, "how gateways reach this server (default: PUBLIC_URL, or by DOMAIN)"),
        Setting(.region, .text, "where this server is, for placement"),
        Setting(.serverDescription, .text, "for people"),
        Setting(.serverLabels, .list, "for placement, key=value"),
        Setting(.serverPriority, .count(0...1000), "higher is preferred"),
        Setting(.serverWeight, .count(0...1000), "share of new browsers"),
        Setting(.serverBackup, .toggle, "only when no other server can"),
        Setting(.gateways, .list, "URLs of gateways to report to"),
        Setting(.servers, .list, "servers to ask: URLs, or name=URL"),
        Setting(
            .heartbeatInterval, .duration(.milliseconds(50) ... .hours(1), bare: .millisecond),
            default: "1000ms", "between reports"),
        Setting(
            .failureDetectionTimeout,
            .duration(.milliseconds(100) ... .hours(24), bare: .millisecond), default: "3000ms",
            "silence after which a server is lost"),
        Setting(
            .healthCheckInterval, .duration(.milliseconds(100) ... .hours(1)), default: "2s",
            "between checks"),
        Setting(
            .healthCheckTimeout, .duration(.milliseconds(100) ... .hours(1)), default: "1s",
            "of one check"),
        Setting(
            .healthyThreshold, .count(1...100), default: "2", "good checks in a row"),
        Setting(
            .unhealthyThreshold, .count(1...100), default: "3", "bad checks in a row"),
        Setting(
            .placement,
            .choice([
                "least-loaded", "round-robin", "weighted", "two-choices", "pack", "sticky",
            ]), default: "least-loaded", "which server gets a new browser"),
    ]

    private static let work: [Setting] = [
        Setting(
            .store, .storeAddress, default: "sqlite:fleet.db",
            also: ["REDIS_URL", "UPSTASH_REDIS_URL", "REDIS_ENDPOINT", "DATABASE_URL"],
            "where a fleet keeps what it must not forget"),
        Setting(.redisPassword, .secret, "of REDIS_ENDPOINT"),
        Setting(.databaseDirectURL, .storeAddress, "past a pooler, for LISTEN"),
        Setting(.redisKeyPrefix, .text, default: "fleet:", "of every key"),
        Setting(.archive, .text, default: "file:", use: .later, "where old results go"),
        Setting(
            .archiveAfter, .duration(.seconds(60) ... .hours(8760)), default: "24h", use: .later,
            "age at which results are archived"),
        Setting(
            .archiveDeleteAfter, .duration(.seconds(60) ... .hours(87_600)), default: "30d",
            use: .later,
            "age at which archived results are deleted"),
    ]
}

extension Duration {
    /// So many hours.
    static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}
