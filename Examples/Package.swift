// swift-tools-version: 6.3
// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let core: Target.Dependency = .product(name: "BrowserFleetCore", package: "BrowserFleet")
let runtime: Target.Dependency = .product(name: "BrowserFleetRuntime", package: "BrowserFleet")
let chromium: Target.Dependency = .product(name: "BrowserFleetChromium", package: "BrowserFleet")
let http: Target.Dependency = .product(name: "BrowserFleetHTTP", package: "BrowserFleet")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "Examples",
    dependencies: [
        .package(name: "BrowserFleet", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(name: "CoreOnly", dependencies: [core]),
        .executableTarget(name: "CustomLauncher", dependencies: [core, runtime]),
        .executableTarget(
            name: "EmbeddedPool",
            dependencies: [core, runtime, chromium, hummingbird, lifecycle, logging]),
        .executableTarget(
            name: "HummingbirdService",
            dependencies: [core, runtime, chromium, http, hummingbird, lifecycle, logging]),
    ]
)

for target in package.targets {
    target.swiftSettings = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
}
