// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetGateway
import BrowserFleetHTTP
import BrowserFleetRuntime

/// A server's part in its fleet: the settings, put into the words of the driver.
struct FleetPlan: Sendable {
    /// What the driver is told.
    var driver: FleetSettings
    /// Signs calls between servers; `nil` for a server on its own.
    var signer: InternalSigner?
    /// Whether servers know of each other by the store.
    var isShared: Bool
    /// How requests go on to other servers.
    var gateway = GatewayConfiguration()
    /// Where clients reach this server, if that was said.
    var publicURL: String?
    /// How long what passes through a gateway may go on at a stop.
    var drainTimeout: Duration

    /// Whether requests may go on to other servers.
    var forwards: Bool { signer != nil && driver.role != .node }

    /// Puts the settings into the driver's words.
    ///
    /// - Throws: a problem with a value, or with two that do not go together.
    init(
        _ settings: SettingsInForce, name: ServerName, id: ServerID, http: HTTPConfiguration,
        pool: PoolConfiguration, drainTimeout: Duration
    ) throws(SettingsProblem) {
        let role = settings.text(.role).flatMap(FleetSettings.Role.init(rawValue:)) ?? .both
        let own = OwnServer(
            name: name, id: id, endpoint: try Self.ownEndpoint(settings, name, http),
            fields: try Self.fields(settings))
        driver = FleetSettings(role: role, own: own)
        driver.gateways = try Self.endpoints(settings, .gateways)
        driver.servers = try Self.servers(settings)
        driver.suffixes = try Self.suffixes(settings)
        driver.fallback = try Self.fallback(settings, own, role)
        driver.patience = pool.queueTimeout
        driver.creates = CreateLimits(queueBound: pool.queueBound)
        driver.placement =
            settings.text(.placement).flatMap(PlacementStrategy.init(rawValue:)) ?? .leastLoaded
        signer = try Self.signer(settings)
        isShared = (try? StoreOpening.address(settings))?.isShared ?? false
        gateway.certificateAuthorityPath = settings.text(.tlsAuthorities)
        publicURL = http.publicURL
        self.drainTimeout = drainTimeout
        try setRhythm(settings)
        try check(settings, http)
    }

    private mutating func setRhythm(_ settings: SettingsInForce) throws(SettingsProblem) {
        let interval = settings.duration(.heartbeatInterval) ?? .seconds(1)
        let timeout = settings.duration(.failureDetectionTimeout) ?? .seconds(3)
        guard interval < timeout else {
            throw SettingsProblem(
                "FAILURE_DETECTION_TIMEOUT must be longer than HEARTBEAT_INTERVAL, or every "
                    + "server is taken to be silent")
        }
        let check = settings.duration(.healthCheckTimeout) ?? .seconds(1)
        driver.heartbeatInterval = interval
        // Three probes fit into a third of the timeout, so a lost server is known to be in 4/3.
        driver.limits.silence = FailureDetector.Limits(
            timeout: timeout, probes: 3, probeTimeout: min(timeout / 9, .seconds(5)))
        driver.limits.pullInterval = interval
        driver.limits.checkInterval = settings.duration(.healthCheckInterval) ?? .seconds(2)
        driver.limits.checkTimeout = check
        driver.limits.rise = settings.count(.healthyThreshold) ?? 2
        driver.limits.fall = settings.count(.unhealthyThreshold) ?? 3
    }

    /// How the claim of the name in a shared store goes.
    var rhythm: NameClaim.Rhythm {
        NameClaim.Rhythm(
            renewal: driver.heartbeatInterval, patience: driver.limits.silence.timeout)
    }

    private func check(
        _ settings: SettingsInForce, _ http: HTTPConfiguration
    ) throws(SettingsProblem) {
        let needs: [(isSo: Bool, what: String)] = [
            (!driver.gateways.isEmpty, "GATEWAYS"), (!driver.servers.isEmpty, "SERVERS"),
            (driver.role == .gateway, "ROLE=gateway"), (isShared, "a STORE that servers share"),
        ]
        if signer == nil, let need = needs.first(where: \.isSo) {
            throw SettingsProblem(
                "\(need.what) needs INTERNAL_API_KEY, the same for every server of the fleet; "
                    + "make one with: openssl rand -hex 32")
        }
        if !driver.gateways.isEmpty || isShared, http.port == 0, settings.text(.serverURL) == nil {
            throw SettingsProblem(
                "A fleet with PORT 0 needs SERVER_URL, or gateways cannot call back")
        }
    }

    // MARK: Parts

    private static func ownEndpoint(
        _ settings: SettingsInForce, _ name: ServerName, _ http: HTTPConfiguration
    ) throws(SettingsProblem) -> ServerEndpoint {
        if let text = settings.text(.serverURL) {
            guard let endpoint = ServerEndpoint(text) else { throw wrong("SERVER_URL", text) }
            return endpoint
        }
        if let endpoint = http.publicURL.flatMap({ ServerEndpoint($0) }) { return endpoint }
        let host = http.isLoopback ? http.host : name.text
        return ServerEndpoint(
            scheme: http.tls == nil ? .http : .https, host: host,
            port: UInt16(clamping: http.port))
    }

    private static func fields(
        _ settings: SettingsInForce
    ) throws(SettingsProblem) -> ServerFields {
        var fields = ServerFields()
        fields.region = settings.text(.region)
        fields.description = settings.text(.serverDescription)
        fields.priority = settings.count(.serverPriority)
        fields.weight = settings.count(.serverWeight)
        fields.isBackup = settings.toggle(.serverBackup)
        var labels: [String: String] = [:]
        for text in settings.list(.serverLabels) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw SettingsProblem("SERVER_LABELS: \"\(text)\" must look like key=value")
            }
            labels[parts[0]] = parts[1]
        }
        if !labels.isEmpty { fields.labels = labels }
        return fields
    }

    private static func endpoints(
        _ settings: SettingsInForce, _ setting: SettingName
    ) throws(SettingsProblem) -> [ServerEndpoint] {
        var endpoints: [ServerEndpoint] = []
        for text in settings.list(setting) {
            guard let endpoint = ServerEndpoint(text) else { throw wrong(setting.variable, text) }
            endpoints.append(endpoint)
        }
        return endpoints
    }

    private static func servers(
        _ settings: SettingsInForce
    ) throws(SettingsProblem) -> [ServerEntry] {
        var entries: [ServerEntry] = []
        for text in settings.list(.servers) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard let url = parts.last, let endpoint = ServerEndpoint(url) else {
                throw wrong("SERVERS", text)
            }
            let name = try serverName(parts.count == 2 ? parts[0] : endpoint.host, "SERVERS")
            entries.append(ServerEntry(name: name, endpoint: endpoint, origin: .listed))
        }
        return entries
    }

    private static func suffixes(
        _ settings: SettingsInForce
    ) throws(SettingsProblem) -> [DomainSuffix] {
        var suffixes: [DomainSuffix] = []
        for text in settings.list(.domainSuffix) {
            if let endpoint = ServerEndpoint(text) {
                let domain = try serverName(endpoint.host, "DOMAIN_SUFFIX")
                suffixes.append(
                    DomainSuffix(domain, scheme: endpoint.scheme, port: endpoint.port))
            } else {
                suffixes.append(DomainSuffix(try serverName(text, "DOMAIN_SUFFIX")))
            }
        }
        return suffixes
    }

    private static func fallback(
        _ settings: SettingsInForce, _ own: OwnServer, _ role: FleetSettings.Role
    ) throws(SettingsProblem) -> ServerName? {
        if let text = settings.text(.fallbackServer) {
            return try serverName(text, "FALLBACK_SERVER")
        }
        return role == .gateway ? nil : own.name
    }

    private static func signer(
        _ settings: SettingsInForce
    ) throws(SettingsProblem) -> InternalSigner? {
        guard let text = settings.text(.internalAPIKey) else { return nil }
        let secrets = text.split(separator: ",").map { String($0).trimmingSpaces }
        do throws(HTTPServerError) {
            return try InternalSigner(secrets: secrets)
        } catch {
            throw SettingsProblem(error.message)
        }
    }

    private static func serverName(
        _ text: String, _ setting: String
    ) throws(SettingsProblem) -> ServerName {
        do {
            return try ServerName(text)
        } catch {
            throw SettingsProblem("\(setting): \(error.message)")
        }
    }

    private static func wrong(_ setting: String, _ text: String) -> SettingsProblem {
        SettingsProblem(
            "\(setting) is \"\(text)\"; it must look like http://host:port, without a path")
    }
}
