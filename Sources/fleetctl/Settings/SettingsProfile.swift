// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The sizing tables that `--profile` sets: defaults that anything said explicitly overrides.
///
/// The numbers are those of the deployment guide this project grew from: users, workers,
/// browsers a worker, frames a second.
enum SettingsProfile: String, CaseIterable, Sendable {
    /// 4 to 5 users.
    case light
    /// 10 users.
    case medium
    /// 15 users and more.
    case heavy

    /// The settings it sets.
    var values: [SettingName: Int] {
        switch self {
        case .light: Self.table(users: 5, workers: 2, browsers: 3, frames: 10)
        case .medium: Self.table(users: 10, workers: 3, browsers: 3, frames: 8)
        case .heavy: Self.table(users: 20, workers: 4, browsers: 5, frames: 6)
        }
    }

    private static func table(
        users: Int, workers: Int, browsers: Int, frames: Int
    ) -> [SettingName: Int] {
        [
            .maxUsers: users, .workerThreads: workers, .browsersPerWorker: browsers,
            .targetFPS: frames,
        ]
    }

    /// The profile of a name.
    init(named name: String) throws(SettingsProblem) {
        guard let profile = Self(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsProblem("--profile is \"\(name)\"; it must be one of \(names)")
        }
        self = profile
    }
}
