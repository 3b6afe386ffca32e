// swift-tools-version: 6.3
// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// The simulator and its tests in a release build: thousands of worlds take seconds then. Links to
// the real folders, and no dependencies, so that nothing else is built a second time.

import PackageDescription

let package = Package(
    name: "Simulation",
    targets: [
        .target(name: "BrowserFleetCore"),
        .target(name: "BrowserFleetSimulator", dependencies: ["BrowserFleetCore"]),
        .executableTarget(name: "Simulate", dependencies: ["BrowserFleetSimulator"]),
        .testTarget(
            name: "BrowserFleetSimulatorTests",
            dependencies: ["BrowserFleetCore", "BrowserFleetSimulator"]),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
    ]
}
