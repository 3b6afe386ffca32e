// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A setting of the server. The raw value is its environment variable; the flag and the key in
/// `fleet.yaml` are derived from it.
enum SettingName: String, CaseIterable, Comparable {
    case host = "HOST"
    case port = "PORT"
    case domain = "DOMAIN"
    case publicURL = "PUBLIC_URL"
    case domainSuffix = "DOMAIN_SUFFIX"
    case fallbackServer = "FALLBACK_SERVER"
    case dataDirectory = "DATA_DIR"
    case chromiumPath = "CHROMIUM_PATH"
    case isolation = "ISOLATION"
    case egressAllow = "EGRESS_ALLOW"
    case serverID = "SERVER_ID"
    case serverURL = "SERVER_URL"
    case region = "REGION"
    case serverDescription = "SERVER_DESCRIPTION"
    case serverLabels = "SERVER_LABELS"
    case serverPriority = "SERVER_PRIORITY"
    case serverWeight = "SERVER_WEIGHT"
    case serverBackup = "SERVER_BACKUP"
    case maxBrowsers = "MAX_BROWSERS"
    case workerThreads = "WORKER_THREADS"
    case browsersPerWorker = "BROWSERS_PER_WORKER"
    case maxUsers = "MAX_USERS"
    case warmBrowsers = "WARM_BROWSERS"
    case warmHeadful = "WARM_HEADFUL"
    case requestQueueSize = "REQUEST_QUEUE_SIZE"
    case queueTimeout = "QUEUE_TIMEOUT"
    case sessionTimeout = "SESSION_TIMEOUT"
    case idleTimeout = "IDLE_TIMEOUT"
    case connectTimeout = "CONNECT_TIMEOUT"
    case disconnectGrace = "DISCONNECT_GRACE"
    case browserMemoryLimit = "BROWSER_MEMORY_LIMIT"
    case maxCPUPercent = "MAX_CPU_PERCENT"
    case maxMemoryPercent = "MAX_MEMORY_PERCENT"
    case sweepInterval = "SWEEP_INTERVAL"
    case targetFPS = "TARGET_FPS"
    case screenshotQuality = "SCREENSHOT_QUALITY"
    case heartbeatInterval = "HEARTBEAT_INTERVAL"
    case failureDetectionTimeout = "FAILURE_DETECTION_TIMEOUT"
    case gateways = "GATEWAYS"
    case servers = "SERVERS"
    case role = "ROLE"
    case healthCheckInterval = "HEALTH_CHECK_INTERVAL"
    case healthCheckTimeout = "HEALTH_CHECK_TIMEOUT"
    case healthyThreshold = "HEALTHY_THRESHOLD"
    case unhealthyThreshold = "UNHEALTHY_THRESHOLD"
    case store = "STORE"
    case redisPassword = "REDIS_PASSWORD"
    case databaseDirectURL = "DATABASE_DIRECT_URL"
    case redisKeyPrefix = "REDIS_KEY_PREFIX"
    case archive = "ARCHIVE"
    case archiveAfter = "ARCHIVE_AFTER"
    case archiveDeleteAfter = "ARCHIVE_DELETE_AFTER"
    case monitoringPort = "MONITORING_PORT"
    case adminUsername = "ADMIN_USERNAME"
    case adminPassword = "ADMIN_PASSWORD"
    case apiKeysFile = "API_KEYS_FILE"
    case apiKey = "API_KEY"
    case jwtSecret = "JWT_SECRET"
    case jwtKeysFile = "JWT_JWKS_FILE"
    case jwtIssuer = "JWT_ISSUER"
    case jwtAudience = "JWT_AUDIENCE"
    case internalAPIKey = "INTERNAL_API_KEY"
    case allowedHosts = "ALLOWED_HOSTS"
    case trustedProxies = "TRUSTED_PROXIES"
    case maxConnections = "MAX_CONNECTIONS"
    case maxConnectionsPerIP = "MAX_CONNECTIONS_PER_IP"
    case rateLimit = "RATE_LIMIT"
    case rateLimitPerIP = "RATE_LIMIT_PER_IP"
    case corsOrigins = "CORS_ORIGINS"
    case tlsCertificate = "TLS_CERT"
    case tlsKey = "TLS_KEY"
    case tlsAuthorities = "TLS_CA"
    case placement = "PLACEMENT"
    case drainTimeout = "DRAIN_TIMEOUT"
    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"

    /// The environment variable, such as `MAX_BROWSERS`.
    var variable: String { rawValue }

    /// The key in `fleet.yaml` and the flag without its two dashes, such as `max-browsers`.
    var key: String { SettingName.key(of: rawValue) }

    /// The flag, such as `--max-browsers`.
    var flag: String { "--\(key)" }

    /// What a variable is called as a key.
    static func key(of variable: String) -> String {
        variable.lowercased().split(separator: "_", omittingEmptySubsequences: false)
            .joined(separator: "-")
    }

    static func < (left: SettingName, right: SettingName) -> Bool {
        left.rawValue < right.rawValue
    }
}
