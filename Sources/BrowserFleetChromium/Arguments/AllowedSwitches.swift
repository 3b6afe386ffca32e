// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The switches that clients may set, by what they are for.
///
/// A switch belongs here only if no value of its pattern names a file, a program, a host or a
/// port, loosens a boundary between sites, or turns a protection off.
enum AllowedSwitches {
    static let all: [String: ValuePattern] = [
        appearance, rendering, media, behaviour, noise,
    ].reduce(into: [:]) { all, part in
        all.merge(part) { first, _ in first }
    }

    /// Windows, colours, languages.
    private static let appearance: [String: ValuePattern] = [
        "window-size": .pair(1...16_384),
        "window-position": .pair(0...16_384),
        "start-maximized": .none,
        "start-fullscreen": .none,
        "hide-scrollbars": .none,
        "force-device-scale-factor": .thousandths(100...8000),
        "force-color-profile": .oneOf([
            "srgb", "srgb-linear", "display-p3-d65", "rec2020", "color-spin-gamma24",
            "scrgb-linear", "hdr10",
        ]),
        "force-dark-mode": .none,
        "force-high-contrast": .none,
        "force-prefers-reduced-motion": .none,
        "force-prefers-no-reduced-motion": .none,
        "lang": .languages(atMost: 1),
        "accept-lang": .languages(atMost: 8),
        "touch-events": .oneOf(["auto", "enabled", "disabled"]),
        "blink-settings": .settings([
            "imagesEnabled": .oneOf(["true", "false"]),
            "loadsImagesAutomatically": .oneOf(["true", "false"]),
            "preferredColorScheme": .integer(0...1),
            "primaryHoverType": .oneOf(["1", "2"]),
            "availableHoverTypes": .oneOf(["1", "2"]),
            "primaryPointerType": .oneOf(["1", "2", "4"]),
            "availablePointerTypes": .oneOf(["1", "2", "4"]),
            "defaultFontSize": .integer(1...72),
            "minimumFontSize": .integer(0...72),
            "minimumLogicalFontSize": .integer(0...72),
        ]),
    ]

    /// How pictures of text and graphics come about.
    private static let rendering: [String: ValuePattern] = [
        "disable-gpu": .none,
        "disable-gpu-compositing": .none,
        "disable-accelerated-2d-canvas": .none,
        "disable-3d-apis": .none,
        "disable-lcd-text": .none,
        "disable-font-subpixel-positioning": .none,
        "enable-font-antialiasing": .none,
        "font-render-hinting": .oneOf(["none", "slight", "medium", "full", "max"]),
        "disable-partial-raster": .none,
        "disable-skia-runtime-opts": .none,
        "disable-smooth-scrolling": .none,
        "disable-threaded-animation": .none,
        "disable-threaded-scrolling": .none,
        "run-all-compositor-stages-before-draw": .none,
        "export-tagged-pdf": .none,
        "generate-pdf-document-outline": .none,
    ]

    /// Sound, cameras, autoplay. Never a file as a camera.
    private static let media: [String: ValuePattern] = [
        "mute-audio": .none,
        "autoplay-policy": .oneOf([
            "no-user-gesture-required", "user-gesture-required",
            "document-user-activation-required",
        ]),
        "use-fake-device-for-media-stream": .none,
        "use-fake-ui-for-media-stream": .none,
        "disable-notifications": .none,
        "deny-permission-prompts": .none,
    ]

    /// How the browser behaves towards pages and scripts.
    private static let behaviour: [String: ValuePattern] = [
        "disable-popup-blocking": .none,
        "disable-prompt-on-repost": .none,
        "disable-hang-monitor": .none,
        "disable-background-timer-throttling": .none,
        "disable-backgrounding-occluded-windows": .none,
        "disable-renderer-backgrounding": .none,
        "disable-ipc-flooding-protection": .none,
        "enable-automation": .none,
        "disable-blink-features": .oneOf(["AutomationControlled"]),
        "js-flags": .settings([
            "--max-old-space-size": .integer(64...4096)
        ]),
    ]

    /// What launchers send by habit. We set most of it anyway; refusing it would help nobody.
    private static let noise: [String: ValuePattern] = [
        "no-first-run": .none,
        "no-default-browser-check": .none,
        "disable-infobars": .none,
        "disable-translate": .none,
        "disable-extensions": .none,
        "disable-default-apps": .none,
        "disable-sync": .none,
        "disable-breakpad": .none,
        "disable-component-update": .none,
        "disable-background-networking": .none,
        "disable-client-side-phishing-detection": .none,
        "disable-domain-reliability": .none,
        "disable-search-engine-choice-screen": .none,
        "disable-dev-shm-usage": .none,
        "metrics-recording-only": .none,
        "no-pings": .none,
        "password-store": .oneOf(["basic"]),
        "use-mock-keychain": .none,
    ]
}
