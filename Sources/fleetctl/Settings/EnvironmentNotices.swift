// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// What is odd about the environment, though it stops nothing.
enum EnvironmentNotices {
    // Names of other programs that happen to lie near one of ours.
    private static let foreign: Set<String> = ["HOSTS", "PORTS", "HOSTTYPE", "POST", "STORED"]

    // Shorter names lie near too many variables of other programs.
    private static let shortest = 6

    /// One line for each variable that is nearly one of ours or that does nothing here.
    static func about(_ environment: [String: String]) -> [String] {
        let ours = SettingsCatalogue.all.flatMap(\.variables)
        let fromFiles = SettingsCatalogue.all.filter(\.mayComeFromFile).flatMap(\.variables)
        let known = Set(
            ours + fromFiles.map { "\($0)_FILE" } + SettingsCatalogue.ignoredVariables
                + SettingsCatalogue.serverIDVariables)
        return environment.keys.sorted().compactMap { variable in
            if SettingsCatalogue.ignoredVariables.contains(variable) {
                return "\(variable) is accepted and ignored"
            }
            guard !known.contains(variable), !foreign.contains(variable),
                variable.count >= shortest
            else { return nil }
            return NearMiss.find(variable, in: ours.filter { $0.count >= shortest }).map {
                "the environment variable \(variable) is not a setting; did you mean \($0)?"
            }
        }
    }
}
