// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// Chromium's command line and environment for one launch, as a value.
///
/// The order decides: Chromium obeys the last of two equal switches, so what a client may change
/// comes first, then the client's, then what nobody may change.
struct ChromiumSwitches: Sendable, Equatable {
    /// What the client chose, already checked.
    var properties: LaunchProperties
    /// The profile's folder, as the browser sees it.
    var profile: String
    /// The relay's port on the browser's loopback.
    var relayPort: UInt16
    /// Whether Chromium's own sandbox is on.
    var sandbox: Bool

    /// The switches, in order, and the first page.
    var arguments: [String] {
        changeable + chosen + fixed + ["about:blank"]
    }

    /// The size of a window without another wish, in pixels.
    static let windowSize = (width: 1280, height: 800)

    private var changeable: [String] {
        var switches = [
            "--window-size=\(Self.windowSize.width),\(Self.windowSize.height)",
            "--mute-audio",
        ]
        if properties.headful { switches.append("--window-position=0,0") }
        return switches
    }

    private var chosen: [String] {
        var switches = properties.arguments
        if let agent = properties.userAgent { switches.append("--user-agent=\(agent)") }
        if let locale = properties.locale {
            switches += ["--lang=\(locale)", "--accept-lang=\(Self.acceptLanguages(locale))"]
        }
        return switches
    }

    private var fixed: [String] {
        var switches = [
            "--remote-debugging-pipe",
            "--user-data-dir=\(profile)",
            // The relay is the only way out; without the last part loopback would bypass it.
            "--proxy-server=127.0.0.1:\(relayPort)",
            "--proxy-bypass-list=<-loopback>",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-quic",
            "--enable-features=NetworkServiceInProcess2",
            "--disable-features=\(Self.disabledFeatures.joined(separator: ","))",
        ]
        switches += Self.quiet
        if !properties.headful { switches.append("--headless") }
        if !sandbox { switches.append("--no-sandbox") }
        return switches
    }

    /// Nothing that phones home, asks, or starts processes nobody wants.
    private static let quiet = [
        "--no-first-run", "--no-default-browser-check", "--no-service-autorun", "--no-pings",
        "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
        "--disable-sync", "--disable-breakpad", "--disable-crash-reporter",
        "--disable-domain-reliability", "--disable-client-side-phishing-detection",
        "--disable-search-engine-choice-screen", "--disable-field-trial-config",
        "--metrics-recording-only", "--password-store=basic", "--disable-infobars",
        "--disable-gpu", "--disable-software-rasterizer",
    ]

    private static let disabledFeatures = [
        "AutofillServerCommunication", "CertificateTransparencyComponentUpdater",
        "DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades",
        "InterestFeedContentSuggestions", "MediaRouter", "OnDeviceModelPerformanceParams",
        "OptimizationGuideModelDownloading", "OptimizationGuideOnDeviceModel",
        "OptimizationHints", "SpareRendererForSitePerProcess", "Translate",
    ]

    /// `de-DE` alone would say that its speaker reads nothing else German: `de-DE,de`.
    private static func acceptLanguages(_ locale: String) -> String {
        guard let hyphen = locale.firstIndex(of: "-") else { return locale }
        return "\(locale),\(locale[..<hyphen])"
    }

    /// The environment: nothing of the server's is passed on.
    ///
    /// - Parameters:
    ///   - home: the browser's home.
    ///   - scratch: its folder for temporary files.
    /// - Returns: the variables, in order.
    func environment(home: String, scratch: String) -> [(name: String, value: String)] {
        var variables = [
            ("HOME", home), ("TMPDIR", scratch), ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("LANG", "C.UTF-8"), ("XDG_RUNTIME_DIR", scratch),
            // There is no message bus inside; this spares Chromium the search for one.
            ("DBUS_SESSION_BUS_ADDRESS", "disabled:"), ("DBUS_SYSTEM_BUS_ADDRESS", "disabled:"),
        ]
        // Always named: without a zone, and in a jail without /etc/localtime, Chromium's libraries
        // read every zone the system knows before they settle on UTC.
        variables.append(("TZ", properties.timezone ?? "UTC"))
        if let locale = properties.locale { variables.append(("LANGUAGE", locale)) }
        return variables.map { (name: $0.0, value: $0.1) }
    }
}
