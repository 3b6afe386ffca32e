// swift-tools-version: 6.3
// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// The targets that share memory between threads, and their tests, for a build under the thread
// sanitizer: links to the real folders, so that nothing else is built a second time.

import PackageDescription

let core: Target.Dependency = "BrowserFleetCore"
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let tracing: Target.Dependency = .product(
    name: "Tracing", package: "swift-distributed-tracing")
let inMemoryTracing: Target.Dependency = .product(
    name: "InMemoryTracing", package: "swift-distributed-tracing")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "Sanitizer",
    dependencies: [
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CMutexAnnotation"),
        .executableTarget(name: "PlantedRace", dependencies: ["CMutexAnnotation"]),
        .target(name: "BrowserFleetCore"),
        .target(name: "BrowserFleetCDP", dependencies: [core]),
        .target(
            name: "BrowserFleetRuntime",
            dependencies: [
                core, logging, tracing, lifecycle,
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "BrowserFleetDevTools",
            dependencies: [core, "BrowserFleetCDP", "BrowserFleetRuntime", nioCore, nioPosix]),
        .target(
            name: "BrowserFleetTesting",
            dependencies: [
                core, "BrowserFleetRuntime", "BrowserFleetCDP", "BrowserFleetDevTools", nioCore,
                nioPosix,
            ]),
        .testTarget(name: "BrowserFleetCoreTests", dependencies: [core, "CMutexAnnotation"]),
        .testTarget(
            name: "BrowserFleetRuntimeTests",
            dependencies: [
                core, "BrowserFleetRuntime", "BrowserFleetTesting", logging, lifecycle, tracing,
                inMemoryTracing,
            ]),
        .testTarget(
            name: "BrowserFleetDevToolsTests",
            dependencies: [
                core, "BrowserFleetCDP", "BrowserFleetDevTools", "BrowserFleetRuntime",
                "BrowserFleetTesting", nioCore, nioPosix, nioEmbedded,
            ]),
    ]
)

for target in package.targets where !["PlantedRace", "CMutexAnnotation"].contains(target.name) {
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

// The compiler refuses in Swift 6 what is planted there.
for target in package.targets where target.name == "PlantedRace" {
    target.swiftSettings = [.swiftLanguageMode(.v5)]
}
