// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Finds out what forbids user namespaces here, and says how to allow them.
enum NamespaceAdvice {
    /// One or two sentences for this machine.
    static var text: String { advice(for: Surroundings.read()) }

    /// What the advice depends on.
    struct Surroundings: Sendable, Equatable {
        /// Debian's older switch: `kernel.unprivileged_userns_clone` is 0.
        var isCloneForbidden = false
        /// `user.max_user_namespaces` is 0.
        var isCountZero = false
        /// Ubuntu's rule: `kernel.apparmor_restrict_unprivileged_userns` is 1.
        var isAppArmorStrict = false
        /// A system call filter is on this process, as Docker and Kubernetes set one.
        var isFiltered = false
        /// `/.dockerenv` or a Kubernetes variable is there.
        var isContainer = false
        /// The container is a pod.
        var isPod = false

        /// Reads this machine.
        static func read() -> Surroundings {
            var found = Surroundings()
            found.isCloneForbidden = setting("kernel/unprivileged_userns_clone") == "0"
            found.isCountZero = setting("user/max_user_namespaces") == "0"
            found.isAppArmorStrict =
                setting("kernel/apparmor_restrict_unprivileged_userns") == "1"
            found.isFiltered =
                ProcessFile.text("/proc/self/status")?
                .contains("\nSeccomp:\t2") ?? false
            found.isPod = SystemPaths.environment("KUBERNETES_SERVICE_HOST") != nil
            found.isContainer = found.isPod || exists("/.dockerenv") || exists("/run/.containerenv")
            return found
        }

        private static func exists(_ path: String) -> Bool {
            unsafe access(path, F_OK) == 0
        }

        private static func setting(_ name: String) -> String? {
            ProcessFile.text("/proc/sys/\(name)")?.split(whereSeparator: \.isWhitespace)
                .first.map(String.init)
        }
    }

    /// The advice for given surroundings.
    static func advice(for found: Surroundings) -> String {
        if found.isPod {
            return "Use Deploy/pod.yaml: hostUsers false, procMount Unmasked and the seccomp "
                + "profile Deploy/seccomp.json. " + last
        }
        if found.isContainer || found.isFiltered {
            return "Start the container with --security-opt seccomp=Deploy/seccomp.json "
                + "--security-opt apparmor=unconfined --security-opt systempaths=unconfined. "
                + last
        }
        if found.isAppArmorStrict {
            return "Install Deploy/apparmor-browserfleet as /etc/apparmor.d/browserfleet and run: "
                + "apparmor_parser -r /etc/apparmor.d/browserfleet"
        }
        if found.isCloneForbidden { return "Run: sysctl -w kernel.unprivileged_userns_clone=1" }
        if found.isCountZero { return "Run: sysctl -w user.max_user_namespaces=10000" }
        return "Unprivileged user namespaces are needed; fleetctl doctor tells what forbids them. "
            + last
    }

    private static let last =
        "ISOLATION=container is the second choice, for one tenant per container; it needs "
        + "--no-sandbox where Chromium's own sandbox cannot start either."
}
