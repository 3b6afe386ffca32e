// swift-tools-version: 6.3
// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "BrowserFleetBenchmarks",
    dependencies: [.package(name: "BrowserFleet", path: "..")],
    targets: [
        .target(name: "CMeasurement"),
        .executableTarget(
            name: "CoreBenchmarks",
            dependencies: [
                "CMeasurement",
                .product(name: "BrowserFleetCore", package: "BrowserFleet"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(name: "HTTPBenchmark"),
        .executableTarget(name: "WireBenchmark"),
    ]
)
