// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import fleetctl

/// The table itself.
struct SettingsCatalogueTests {
    @Test("every setting has exactly one row", arguments: SettingName.allCases)
    func oneRow(_ name: SettingName) {
        #expect(SettingsCatalogue.all.count { $0.name == name } == 1)
    }

    @Test("no two settings share a variable")
    func variablesAreUnique() {
        let all = SettingsCatalogue.all.flatMap(\.variables)
        #expect(Set(all).count == all.count)
    }

    @Test("every default is a value its own row accepts", arguments: SettingName.allCases)
    func defaultsAreValid(_ name: SettingName) throws {
        let setting = try #require(SettingsCatalogue[name])
        guard let text = setting.standard else { return }
        _ = try SettingReader.read(text, for: setting, from: name.variable)
    }

    @Test("every variable of the contract is known")
    func contract() {
        let known = Set(SettingsCatalogue.all.flatMap(\.variables))
        let contract = """
            HOST PORT DOMAIN PUBLIC_URL DOMAIN_SUFFIX FALLBACK_SERVER DATA_DIR CHROMIUM_PATH
            ISOLATION EGRESS_ALLOW SERVER_ID REGION SERVER_DESCRIPTION SERVER_LABELS
            SERVER_PRIORITY SERVER_WEIGHT SERVER_BACKUP MAX_BROWSERS WORKER_THREADS
            BROWSERS_PER_WORKER MAX_USERS MAX_CONCURRENT_SESSIONS WARM_BROWSERS WARM_HEADFUL
            REQUEST_QUEUE_SIZE QUEUE_TIMEOUT SESSION_TIMEOUT IDLE_TIMEOUT CONNECT_TIMEOUT
            DISCONNECT_GRACE BROWSER_MEMORY_LIMIT MAX_CPU_PERCENT MAX_MEMORY_PERCENT
            SWEEP_INTERVAL TARGET_FPS SCREENSHOT_QUALITY HEARTBEAT_INTERVAL
            FAILURE_DETECTION_TIMEOUT GATEWAYS SERVERS ROLE HEALTH_CHECK_INTERVAL
            HEALTH_CHECK_TIMEOUT HEALTHY_THRESHOLD UNHEALTHY_THRESHOLD STORE REDIS_URL
            UPSTASH_REDIS_URL REDIS_ENDPOINT REDIS_PASSWORD DATABASE_URL DATABASE_DIRECT_URL
            ARCHIVE ARCHIVE_AFTER ARCHIVE_DELETE_AFTER MONITORING_PORT ADMIN_USERNAME
            ADMIN_PASSWORD REDIS_KEY_PREFIX API_KEYS_FILE API_KEY JWT_SECRET JWT_JWKS_FILE
            JWT_ISSUER JWT_AUDIENCE INTERNAL_API_KEY ALLOWED_HOSTS TRUSTED_PROXIES
            MAX_CONNECTIONS MAX_CONNECTIONS_PER_IP RATE_LIMIT CORS_ORIGINS FRONTEND_URL TLS_CERT
            TLS_KEY PLACEMENT DRAIN_TIMEOUT LOG_LEVEL LOG_FORMAT
            """
        let names = contract.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(names.filter { !known.contains($0) } == [])
    }

    @Test("the help names every flag")
    func help() {
        for setting in SettingsCatalogue.all {
            let flag = setting.isSecret ? "\(setting.name.flag)-file" : setting.name.flag
            #expect(SettingsHelp.text.contains("  \(flag) "))
        }
    }
}
