// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

@testable import BrowserFleetChromium
import BrowserFleetCore
import BrowserFleetRuntime
import Testing

@Suite("Which switches a client may add") struct ArgumentPolicyTests {
    @Test(
        "a switch of the list with a value of its pattern is allowed",
        arguments: [
            "--window-size=1280,720", "--window-position=0,16384", "--lang=de-DE",
            "--accept-lang=de-DE,de,en", "--force-device-scale-factor=2",
            "--force-device-scale-factor=1.25", "--font-render-hinting=none", "--disable-gpu",
            "--hide-scrollbars", "--mute-audio", "--force-color-profile=srgb",
            "--blink-settings=imagesEnabled=false,defaultFontSize=20",
            "--disable-blink-features=AutomationControlled", "--js-flags=--max-old-space-size=512",
            "--autoplay-policy=no-user-gesture-required",
        ])
    func allowed(argument: String) throws {
        try ArgumentPolicy.standard.check([argument])
    }

    @Test(
        "a value outside its pattern is refused",
        arguments: [
            "--window-size", "--window-size=", "--window-size=0,1", "--window-size=1280x720",
            "--window-size=1280,720,1", "--window-size=+1280,720", "--window-size=99999,1",
            "--window-size=-1,1", "--force-device-scale-factor=0",
            "--force-device-scale-factor=1.2345", "--force-device-scale-factor=1e3",
            "--force-device-scale-factor=.5", "--lang=de,en", "--lang=../../etc",
            "--lang=d", "--accept-lang=de,,en", "--disable-gpu=1", "--disable-gpu=",
            "--font-render-hinting=None", "--blink-settings=", "--blink-settings=imagesEnabled",
            "--blink-settings=webSecurityEnabled=false",
            "--blink-settings=imagesEnabled=false,allowFileAccessFromFileURLs=true",
            "--disable-blink-features=SameSite", "--js-flags=--expose-gc",
            "--js-flags=--max-old-space-size=512,--allow-natives-syntax",
            "--js-flags=--max-old-space-size=512 --allow-natives-syntax",
            "--use-fake-device-for-media-stream=/etc/passwd", "--password-store=kwallet",
        ])
    func valueRefused(argument: String) {
        #expect(throws: LaunchError.self) { try ArgumentPolicy.standard.check([argument]) }
    }

    @Test("a refusal names the switch and what to use instead")
    func refusalNames() {
        let error = #expect(throws: LaunchError.self) {
            try ArgumentPolicy.standard.check(["--hide-scrollbars", "--proxy-server=1.2.3.4:80"])
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == "--proxy-server is not allowed.")
        #expect(error?.remedy == "Use the field proxy.")
    }

    @Test("neither many nor long switches are taken")
    func bounds() {
        let many = [String](repeating: "--hide-scrollbars", count: 51)
        #expect(throws: LaunchError.self) { try ArgumentPolicy.standard.check(many) }
        let long = "--accept-lang=" + [String](repeating: "de", count: 300).joined(separator: ",")
        #expect(throws: LaunchError.self) { try ArgumentPolicy.standard.check([long]) }
    }

    @Test("of 300 switches and mutations only the allow-list reaches the command line")
    func onlyTheListPasses() {
        let candidates = HostileSwitches.all
        #expect(candidates.count >= 300)
        #expect(Set(candidates).count == candidates.count)
        for candidate in candidates {
            let passed = (try? ArgumentPolicy.standard.check([candidate])) != nil
            #expect(!passed, "\(candidate.debugDescription) passed")
        }
    }

    @Test("every switch on the command line is ours or on the list")
    func commandLineNames() {
        let properties = LaunchProperties(
            headful: true, userAgent: "Robot/1.0 --no-sandbox", locale: "de-DE",
            timezone: "Europe/Berlin", arguments: ["--hide-scrollbars", "--window-size=800,600"])
        let line = ChromiumSwitches(
            properties: properties, profile: "/p", relayPort: 3128, sandbox: true
        ).arguments
        let forbidden = ["no-sandbox", "remote-debugging-port", "load-extension"]
        let names = line.compactMap {
            $0.hasPrefix("--") ? $0.dropFirst(2).split(separator: "=")[0] : nil
        }
        #expect(!names.contains { forbidden.contains(String($0)) })
        #expect(line.contains("--user-agent=Robot/1.0 --no-sandbox"))
        #expect(line.filter { !$0.hasPrefix("--") } == ["about:blank"])
    }
}

/// Switches that must never pass, and spellings that try to slip by.
enum HostileSwitches {
    /// Switches that run programs, read files, open ports or loosen the walls.
    static let dangerous = [
        "no-sandbox", "disable-setuid-sandbox", "disable-seccomp-filter-sandbox",
        "disable-namespace-sandbox", "disable-gpu-sandbox", "single-process", "in-process-gpu",
        "no-zygote", "renderer-cmd-prefix=/bin/sh", "utility-cmd-prefix=/bin/sh",
        "gpu-launcher=/bin/sh", "ppapi-plugin-launcher=/bin/sh", "browser-subprocess-path=/bin/sh",
        "zygote-cmd-prefix=/bin/sh", "remote-debugging-port=9222",
        "remote-debugging-address=0.0.0.0", "remote-debugging-pipe", "remote-allow-origins=*",
        "remote-debugging-io-pipes=3,4", "user-data-dir=/tmp/x", "profile-directory=x",
        "disk-cache-dir=/tmp", "crash-dumps-dir=/tmp", "log-file=/tmp/x", "enable-logging=stderr",
        "v=9", "vmodule=*=9", "trace-startup-file=/tmp/x", "net-log=/tmp/x",
        "log-net-log=/tmp/x", "ssl-key-log-file=/tmp/x", "load-extension=/tmp",
        "disable-extensions-except=/tmp", "allow-file-access-from-files", "allow-file-access",
        "disable-web-security", "disable-site-isolation-trials", "allow-running-insecure-content",
        "ignore-certificate-errors", "ignore-certificate-errors-spki-list=x",
        "unsafely-treat-insecure-origin-as-secure=http://x", "proxy-server=1.2.3.4:80",
        "proxy-server=direct://", "proxy-pac-url=http://x", "proxy-bypass-list=*",
        "no-proxy-server", "proxy-auto-detect", "host-resolver-rules=MAP * 127.0.0.1",
        "host-rules=MAP * 127.0.0.1", "dns-prefetch-disable", "enable-quic",
        "origin-to-force-quic-on=x:443", "force-webrtc-ip-handling-policy=default",
        "webrtc-ip-handling-policy=default", "enable-features=X", "disable-features=IsolateOrigins",
        "force-fieldtrials=A/B", "enable-blink-features=X", "enable-blink-test-features",
        "js-flags=--allow-natives-syntax", "use-file-for-fake-video-capture=/etc/passwd",
        "use-file-for-fake-audio-capture=/etc/passwd", "user-agent=x", "headless", "headless=old",
        "app=http://x", "kiosk", "restore-last-session", "import", "make-default-browser",
        "print-to-pdf=/tmp/x", "screenshot=/tmp/x", "dump-dom", "repl", "virtual-time-budget=1",
        "enable-automation=1", "test-type", "enable-crash-reporter", "gpu-startup-dialog",
        "renderer-startup-dialog", "wait-for-debugger", "wait-for-debugger-children",
        "type=renderer", "type=gpu-process", "field-trial-handle=1",
        "mojo-platform-channel-handle=1",
        "service-sandbox-type=none", "no-unsandboxed-zygote", "allow-sandbox-debugging",
        "enable-sandbox-logging", "isolation-by-default", "disable-kill-after-bad-ipc",
        "use-gl=egl", "use-angle=vulkan", "use-vulkan", "enable-unsafe-webgpu",
        "enable-unsafe-swiftshader", "auth-server-allowlist=*",
        "auth-negotiate-delegate-allowlist=*",
        "kerberos", "password-store=gnome", "enable-nacl", "register-pepper-plugins=/x",
        "extra-plugin-dir=/x", "ozone-platform=wayland", "display=:0", "timezone=UTC",
        "time-zone-for-testing=UTC", "tz=UTC", "component-updater=url-source=http://x",
        "gaia-url=http://x", "google-base-url=http://x", "variations-server-url=http://x",
        "safebrowsing-manual-download-blacklist=x", "explicitly-allowed-ports=22",
        "testing-fixed-https-port=1", "debug-devtools", "custom-devtools-frontend=file:///",
        "devtools-flags=x", "auto-open-devtools-for-tabs", "auto-select-desktop-capture-source=x",
        "auto-accept-this-tab-capture", "enable-usermedia-screen-capturing", "alsa-input-device=x",
        "extensions-on-chrome-urls", "allow-legacy-extension-manifests",
        "allow-cross-origin-auth-prompt", "allow-insecure-localhost", "allow-http-screen-capture",
        "disable-background-mode", "disable-client-side-phishing-detection=0",
        "enable-local-file-accesses", "enable-net-benchmarking", "enable-tracing", "trace-startup",
        "memlog=all", "profiling-at-start", "profiling-file=/tmp/x", "perfetto-output-file=/tmp/x",
        "enable-heap-profiling", "shared-files=x", "simulate-outdated", "sync-url=http://x",
        "trusted-download-sources=*", "unlimited-storage", "use-mobile-user-agent",
        "whitelisted-extension-id=x", "winhttp-proxy-resolver", "wm-window-animations-disabled",
    ]

    /// Other ways to write a switch that is allowed.
    private static let disguises: [@Sendable (String) -> String] = [
        { "-\($0)" }, { "---\($0)" }, { "\($0)" }, { "/\($0)" }, { " --\($0)" },
        { "--\($0) " }, { "--\($0)\n" }, { "--\($0)\u{0}" }, { "--\($0.uppercased())" },
        { "\u{2014}\($0)" }, { "--\u{200b}\($0)" }, { "-- \($0)" }, { "\"--\($0)\"" },
        { "--\($0);id" }, { "--\($0)\t--no-sandbox" },
    ]

    private static let victims = [
        "hide-scrollbars", "mute-audio", "disable-gpu", "window-size=1,1", "lang=de",
        "force-color-profile=srgb", "font-render-hinting=none", "accept-lang=de",
        "disable-popup-blocking", "no-first-run",
    ]

    static let all: [String] =
        dangerous.map { "--\($0)" }
        + victims.flatMap { victim in disguises.map { $0(victim) } }
        + ["", "-", "--", "---", "--=", "--=x", "about:blank", "http://x/", "/etc/passwd", "@file"]
}
