// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetEgress
import BrowserFleetHTTP
import BrowserFleetRuntime

/// What a server is made of: the settings, put into the words of each part.
struct ServerPlan: Sendable {
    /// The rules of the pool.
    var pool: PoolConfiguration
    /// What its driver needs besides.
    var driver: PoolSettings
    /// How browsers are started.
    var chromium: ChromiumConfiguration
    /// How the API is served.
    var http: HTTPConfiguration
    /// Its part in its fleet.
    var fleet: FleetPlan
    /// How many connections there may be.
    var budget: ConnectionBudget
    /// What the operator should hear.
    var notices: [String]

    /// Puts the settings into the words of each part.
    ///
    /// - Throws: a problem with a value that only its part can judge.
    init(
        _ settings: SettingsInForce, folder: DataDirectory, around: Surroundings
    ) throws(SettingsProblem) {
        notices = settings.notices
        let (name, nameNotices) = try ServerIdentity.name(settings, around)
        let (id, idNotices) = try ServerIdentity.id(settings, around, kept: folder.keptServerID)
        notices += nameNotices + idNotices
        pool = Self.pool(settings, around)
        driver = PoolSettings(serverName: name)
        if let interval = settings.duration(.sweepInterval) { driver.sweepInterval = interval }
        if let timeout = settings.duration(.drainTimeout) { driver.drainTimeout = timeout }
        chromium = try Self.chromium(settings, folder, around)
        http = try Self.http(settings, serverID: id)
        fleet = try FleetPlan(
            settings, name: name, id: id, http: http, pool: pool,
            drainTimeout: driver.drainTimeout)
        if fleet.driver.role == .gateway {
            (pool.maxBrowsers, pool.warmHeadless, pool.warmHeadful) = (0, 0, 0)
        }
        budget = try ConnectionBudget(
            openFiles: around.openFiles, browsers: pool.maxBrowsers,
            clients: http.maxConnections, filesPerClient: fleet.forwards ? 2 : 1)
        chromium.egressLimits.connections = budget.perBrowser
        http.maxConnections = budget.clients
        notices += budget.notices
        if !chromium.sandbox {
            notices.append("browsers run without their own sandbox, as --no-sandbox says")
        }
        if http.isInsecure {
            notices.append("without a key everybody is served, as --insecure says")
        }
    }

    private static func pool(
        _ settings: SettingsInForce, _ around: Surroundings
    ) -> PoolConfiguration {
        let most = settings.count(.maxBrowsers) ?? 1
        var pool = PoolConfiguration(maxBrowsers: most, maxLeases: settings.count(.maxUsers))
        pool.launch.concurrency = around.cores
        pool.memoryLimit = settings.bytes(.browserMemoryLimit) ?? pool.memoryLimit
        pool.warmHeadless = min(most, settings.count(.warmBrowsers) ?? pool.warmHeadless)
        pool.warmHeadful = settings.count(.warmHeadful) ?? pool.warmHeadful
        pool.queueBound = settings.count(.requestQueueSize) ?? pool.queueBound
        func rule(_ name: SettingName, _ standard: TimeoutRule) -> TimeoutRule {
            settings.duration(name).map { TimeoutRule($0) } ?? standard
        }
        pool.queueTimeout = rule(.queueTimeout, pool.queueTimeout)
        pool.maxLifetime = rule(.sessionTimeout, pool.maxLifetime)
        pool.idleTimeout = rule(.idleTimeout, pool.idleTimeout)
        pool.connectTimeout = rule(.connectTimeout, pool.connectTimeout)
        if let grace = settings.duration(.disconnectGrace) {
            // A client of /connect may ask for more than the grace by keepAliveMs, but not for
            // more than a browser without traffic would get.
            pool.disconnectGrace = TimeoutRule(grace, most: max(grace, pool.idleTimeout.most))
        }
        if let limit = settings.count(.maxCPUPercent) { pool.pressure.processor = percent(limit) }
        if let limit = settings.count(.maxMemoryPercent) { pool.pressure.memory = percent(limit) }
        return pool
    }

    // A full machine still serves where the operator wrote 100: the limit is then out of reach.
    private static func percent(_ limit: Int) -> Double { limit == 100 ? .infinity : Double(limit) }

    private static func chromium(
        _ settings: SettingsInForce, _ folder: DataDirectory, _ around: Surroundings
    ) throws(SettingsProblem) -> ChromiumConfiguration {
        var chromium = ChromiumConfiguration(dataDirectory: folder.path)
        chromium.executable = settings.text(.chromiumPath)
        chromium.sandbox = !settings.noSandbox
        if let word = settings.text(.isolation),
            let isolation = ChromiumConfiguration.Isolation(rawValue: word)
        {
            chromium.isolation = isolation
        }
        do {
            chromium.egress = try EgressPolicy(
                allowing: settings.list(.egressAllow).joined(separator: ","),
                ownAddresses: around.addresses)
        } catch {
            throw SettingsProblem("EGRESS_ALLOW: \(error)")
        }
        return chromium
    }

    private static func http(
        _ settings: SettingsInForce, serverID: ServerID
    ) throws(SettingsProblem) -> HTTPConfiguration {
        var http = HTTPConfiguration(
            host: settings.text(.host) ?? "127.0.0.1", port: settings.count(.port) ?? 3000,
            serverID: serverID.text)
        http.version = Version.number
        http.publicURL = settings.text(.publicURL)
        http.allowedHosts = settings.list(.allowedHosts)
        http.corsOrigins = settings.list(.corsOrigins)
        http.trustedProxies = TrustedProxies(try settings.list(.trustedProxies).map(network))
        http.maxConnections = settings.count(.maxConnections) ?? http.maxConnections
        http.maxConnectionsPerAddress =
            settings.count(.maxConnectionsPerIP) ?? http.maxConnectionsPerAddress
        http.requestsPerMinute = settings.count(.rateLimit)
        http.requestsPerMinutePerAddress = settings.count(.rateLimitPerIP)
        http.screenshotQuality = settings.count(.screenshotQuality) ?? http.screenshotQuality
        http.isInsecure = settings.insecure
        http.jwt = try jwt(settings)
        if let certificate = settings.text(.tlsCertificate), let key = settings.text(.tlsKey) {
            http.tls = .init(certificatePath: certificate, privateKeyPath: key)
        }
        return http
    }

    private static func jwt(
        _ settings: SettingsInForce
    ) throws(SettingsProblem) -> HTTPConfiguration.JWT? {
        let (secret, path) = (settings.text(.jwtSecret), settings.text(.jwtKeysFile))
        let (issuer, audience) = (settings.text(.jwtIssuer), settings.text(.jwtAudience))
        guard secret != nil || path != nil || issuer != nil || audience != nil else { return nil }
        do throws(HTTPServerError) {
            return try HTTPConfiguration.JWT(
                secret: secret, keysPath: path, issuer: issuer, audience: audience)
        } catch {
            throw SettingsProblem(error.message)
        }
    }

    private static func network(_ text: String) throws(SettingsProblem) -> IPNetwork {
        if let network = IPNetwork(text) { return network }
        throw SettingsProblem(
            "TRUSTED_PROXIES: '\(text)' is neither an address nor a block such as 10.0.0.0/8")
    }
}
