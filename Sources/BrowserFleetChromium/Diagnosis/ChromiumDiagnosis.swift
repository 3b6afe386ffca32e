// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetRuntime

/// Checks whether this machine can run browsers, and says how to mend what it lacks.
public struct ChromiumDiagnosis: Sendable {
    /// How a check went.
    public enum Outcome: String, Sendable {
        /// As it should be.
        case ok
        /// Browsers run, but something is missing or tight.
        case warn
        /// Browsers will not run.
        case fail
    }

    /// One check.
    public struct Row: Sendable, Equatable {
        /// What was checked, in one or two words.
        public var name: String
        /// How it went.
        public var outcome: Outcome
        /// What was found: one line.
        public var detail: String
        /// How to mend it; nil when there is nothing to mend.
        public var remedy: String?

        /// Creates a row.
        public init(_ name: String, _ outcome: Outcome, _ detail: String, remedy: String? = nil) {
            self.name = name
            self.outcome = outcome
            self.detail = detail
            self.remedy = remedy
        }
    }

    let configuration: ChromiumConfiguration

    /// Creates the checks for a configuration.
    public init(configuration: ChromiumConfiguration = ChromiumConfiguration()) {
        self.configuration = configuration
    }

    /// Runs all checks, the last of them a real launch; takes about a second.
    public func run() async -> [Row] {
        var rows = [await engine(headful: false), await engine(headful: true)]
        rows += [bubblewrap(), namespaces(), xvfb(), fonts(), memory()]
        rows.append(await launch())
        return rows
    }

    private func engine(headful: Bool) async -> Row {
        let name = headful ? "chromium" : "headless shell"
        do {
            let path = try ChromiumExecutables.find(
                headful: headful, configuration: configuration)
            let version = try await EngineVersion.ask(
                path, identity: configuration.browserIdentity)
            try version.check()
            return Self.row(name, version, path)
        } catch {
            // Without a screen nothing is lost for who never asks for one.
            return Row(name, headful ? .warn : .fail, error.message, remedy: error.remedy)
        }
    }

    private static func row(_ name: String, _ version: EngineVersion, _ path: String) -> Row {
        let engine = EngineDescription(
            version: "\(version)", isolation: .none, sandbox: true, builtAt: version.builtAt)
        let now = MonotonicClock().unixMilliseconds
        let age = engine.ageInDays(at: now).map { ", \($0) days old" } ?? ""
        guard engine.isOld(at: now) else { return Row(name, .ok, "\(version) at \(path)\(age)") }
        return Row(
            name, .warn, "\(version) at \(path)\(age): it lacks later security fixes",
            remedy: "Run: apt-get update && apt-get install --only-upgrade chromium "
                + "chromium-headless-shell")
    }

    private func bubblewrap() -> Row {
        do {
            return Row("bubblewrap", .ok, try ChromiumExecutables.bubblewrap(configuration))
        } catch {
            let outcome: Outcome = configuration.isolation == .jail ? .fail : .warn
            return Row("bubblewrap", outcome, error.message, remedy: error.remedy)
        }
    }

    private func xvfb() -> Row {
        do {
            return Row("Xvfb", .ok, try ChromiumExecutables.xvfb(configuration))
        } catch {
            return Row("Xvfb", .warn, error.message, remedy: error.remedy)
        }
    }

    private func namespaces() -> Row {
        let found = NamespaceAdvice.Surroundings.read()
        guard found.isCloneForbidden || found.isCountZero || found.isAppArmorStrict else {
            let place = found.isContainer ? "; this is a container" : ""
            return Row("user namespaces", .ok, "no setting forbids them\(place)")
        }
        // AppArmor's rule has exceptions by program: the launch below has the last word.
        return Row(
            "user namespaces", found.isAppArmorStrict ? .warn : .fail,
            "a setting of this machine restricts them",
            remedy: NamespaceAdvice.advice(for: found))
    }

    private func fonts() -> Row {
        let count = FontFolders.count(atMost: 200)
        guard count > 0 else {
            return Row(
                "fonts", .warn, "none: pages will show boxes instead of letters",
                remedy: "Run: apt-get install fonts-dejavu-core fonts-noto-core")
        }
        return Row("fonts", .ok, count >= 200 ? "200 files or more" : "\(count) files")
    }

    private func memory() -> Row {
        guard let bytes = MemoryBudget.availableBytes() else {
            return Row("memory", .warn, "cannot be read")
        }
        let text = "\(bytes >> 20) MiB available"
        // What one browser with a heavy page may take by default.
        guard bytes >= 1 << 30 else {
            return Row(
                "memory", .warn, text,
                remedy: "Give the machine more, or lower MAX_BROWSERS and BROWSER_MEMORY_LIMIT.")
        }
        return Row("memory", .ok, text)
    }

    private func launch() async -> Row {
        let name = "launch (\(configuration.isolation.rawValue))"
        let begin = ContinuousClock.now
        do {
            try await ChromiumLauncher(configuration: configuration).verify()
        } catch {
            return Row(name, .fail, error.message, remedy: error.remedy)
        }
        let time = begin.duration(to: .now)
        let milliseconds =
            time.components.seconds * 1000
            + time.components.attoseconds / 1_000_000_000_000_000
        let sandbox = configuration.sandbox ? "sandbox on" : "sandbox OFF"
        return Row(name, .ok, "a browser started and ended in \(milliseconds) ms, \(sandbox)")
    }
}
