// swift-tools-version: 6.3
// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let inMemoryLogging: Target.Dependency = .product(
    name: "InMemoryLogging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let metricsCore: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let tracing: Target.Dependency = .product(
    name: "Tracing", package: "swift-distributed-tracing")
let inMemoryTracing: Target.Dependency = .product(
    name: "InMemoryTracing", package: "swift-distributed-tracing")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(
    name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(
    name: "AsyncHTTPClient", package: "async-http-client")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// Decisions: no I/O, no clock, no Foundation.
let pure: [Target] = [
    .target(name: "BrowserFleetCore"),
    .target(name: "BrowserFleetSimulator", dependencies: ["BrowserFleetCore"]),
    .target(name: "BrowserFleetAPI", dependencies: ["BrowserFleetCore"]),
    .target(name: "BrowserFleetCDP", dependencies: ["BrowserFleetCore"]),
]

/// The drivers of the machines, and the libraries that adapters share.
let shell: [Target] = [
    .target(
        name: "BrowserFleetRuntime",
        dependencies: ["BrowserFleetCore", logging, metrics, tracing, lifecycle]),
    .target(
        name: "BrowserFleetDevTools",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetCDP", "BrowserFleetRuntime", nioCore, nioPosix,
        ]),
    .target(
        name: "BrowserFleetEgress",
        dependencies: [
            "BrowserFleetCore", nioCore, nioPosix, nioHTTP1, nioTLS, nioSSL, logging, metrics,
        ]),
]

/// The outside world: real browsers, HTTP, a client of our own API.
let adapters: [Target] = [
    .target(name: "CBrowserFleetSpawn"),
    .target(
        name: "BrowserFleetChromium",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetCDP", "BrowserFleetDevTools",
            "BrowserFleetEgress", "CBrowserFleetSpawn", nioCore, nioPosix, logging,
        ]),
    .target(
        name: "BrowserFleetHTTP",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetAPI", "BrowserFleetCDP",
            "BrowserFleetDevTools", nioCore, nioPosix, nioHTTP1, nioSSL,
            nioHTTPTypes, nioHTTPTypesHTTP1, logging, metrics, metricsCore, tracing, lifecycle,
            crypto, hummingbird, hummingbirdCore, httpTypes, jwtKit,
        ]),
    .target(
        name: "BrowserFleetGateway",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", nioCore, nioPosix, nioHTTP1, nioTLS, nioSSL,
            metrics, crypto, asyncHTTPClient,
        ]),
    .target(name: "BrowserFleetClient", dependencies: ["BrowserFleetAPI", tracing]),
]

/// Stores, each with the library of its engine.
let stores: [Target] = [
    .systemLibrary(
        name: "CHiredis", pkgConfig: "hiredis",
        providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]),
    .systemLibrary(
        name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .target(
        name: "BrowserFleetSQLite",
        dependencies: ["BrowserFleetCore", "BrowserFleetRuntime", grdb]),
    .target(
        name: "BrowserFleetRedis",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "CHiredis", nioCore, nioPosix, nioSSL,
            logging,
        ]),
    .target(
        name: "BrowserFleetPostgres",
        dependencies: ["BrowserFleetCore", "BrowserFleetRuntime", "CLibPQ", logging]),
]

/// The one place that sees every adapter, and the kit for tests of embedders.
let composition: [Target] = [
    .executableTarget(
        name: "fleetctl",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetAPI", "BrowserFleetDevTools",
            "BrowserFleetChromium", "BrowserFleetEgress", "BrowserFleetHTTP", "BrowserFleetGateway",
            "BrowserFleetClient", "BrowserFleetSQLite", "BrowserFleetRedis",
            "BrowserFleetPostgres", "BrowserFleetSimulator", arguments, yams, logging, metrics,
            tracing, lifecycle, nioCore, nioPosix,
        ]),
    // A server without browsers, for the benchmark of creates; here because of what is `package`.
    .executableTarget(
        name: "FakeNode",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetDevTools", "BrowserFleetHTTP",
            "BrowserFleetGateway", "BrowserFleetSQLite", "BrowserFleetTesting", logging, metrics,
            tracing, nioPosix,
        ]),
    .target(
        name: "BrowserFleetTesting",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetCDP", "BrowserFleetDevTools",
            nioCore, nioPosix,
        ]),
]

let tests: [Target] = [
    .testTarget(name: "RepositoryRulesTests"),
    .testTarget(name: "BrowserFleetCoreTests", dependencies: ["BrowserFleetCore"]),
    .testTarget(
        name: "BrowserFleetSimulatorTests",
        dependencies: ["BrowserFleetCore", "BrowserFleetSimulator"]),
    .testTarget(
        name: "BrowserFleetAPITests", dependencies: ["BrowserFleetCore", "BrowserFleetAPI"]),
    .testTarget(
        name: "BrowserFleetCDPTests", dependencies: ["BrowserFleetCore", "BrowserFleetCDP"]),
    .testTarget(
        name: "BrowserFleetRuntimeTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetTesting", logging, tracing,
            inMemoryTracing,
        ]),
    .testTarget(
        name: "BrowserFleetDevToolsTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetCDP", "BrowserFleetRuntime", "BrowserFleetDevTools",
            "BrowserFleetTesting", nioCore, nioPosix,
        ]),
    .testTarget(
        name: "BrowserFleetEgressTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetEgress", nioCore, nioPosix, nioHTTP1, nioSSL, logging,
        ]),
    .testTarget(
        name: "BrowserFleetChromiumTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetCDP", "BrowserFleetRuntime", "BrowserFleetDevTools",
            "BrowserFleetEgress", "BrowserFleetChromium", "CBrowserFleetSpawn", nioCore, nioPosix,
        ]),
    .testTarget(
        name: "BrowserFleetHTTPTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetAPI", "BrowserFleetCDP", "BrowserFleetRuntime",
            "BrowserFleetDevTools", "BrowserFleetHTTP", "BrowserFleetGateway",
            "BrowserFleetTesting", nioCore, nioPosix, nioHTTP1, nioEmbedded, hummingbird, httpTypes,
            jwtKit, logging, inMemoryLogging,
            lifecycle, metricsCore, tracing,
        ]),
    .testTarget(
        name: "BrowserFleetGatewayTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetGateway", "BrowserFleetTesting",
            nioCore, nioPosix, nioHTTP1, nioEmbedded, nioSSL, metricsCore,
        ]),
    .testTarget(
        name: "BrowserFleetClientTests",
        dependencies: ["BrowserFleetAPI", "BrowserFleetClient", tracing]),
    .testTarget(
        name: "BrowserFleetTestingTests",
        dependencies: ["BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetTesting"]),
    .testTarget(
        name: "fleetctlTests",
        dependencies: [
            "fleetctl", "BrowserFleetAPI", "BrowserFleetCore", "BrowserFleetHTTP",
            "BrowserFleetRuntime", "BrowserFleetSimulator", logging,
        ]),
    .testTarget(
        name: "BrowserFleetSQLiteTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetTesting", "BrowserFleetSQLite",
        ]),
    .testTarget(
        name: "BrowserFleetRedisTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetTesting", "BrowserFleetRedis",
            nioSSL, logging, inMemoryLogging,
        ]),
    .testTarget(
        name: "BrowserFleetPostgresTests",
        dependencies: [
            "BrowserFleetCore", "BrowserFleetRuntime", "BrowserFleetTesting",
            "BrowserFleetPostgres", logging, inMemoryLogging,
        ]),
]

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .treatWarning("ExplicitSendable", as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
    name: "BrowserFleet",
    products: [
        .library(name: "BrowserFleetCore", targets: ["BrowserFleetCore"]),
        .library(name: "BrowserFleetSimulator", targets: ["BrowserFleetSimulator"]),
        .library(name: "BrowserFleetAPI", targets: ["BrowserFleetAPI"]),
        .library(name: "BrowserFleetCDP", targets: ["BrowserFleetCDP"]),
        .library(name: "BrowserFleetRuntime", targets: ["BrowserFleetRuntime"]),
        .library(name: "BrowserFleetDevTools", targets: ["BrowserFleetDevTools"]),
        .library(name: "BrowserFleetEgress", targets: ["BrowserFleetEgress"]),
        .library(name: "BrowserFleetChromium", targets: ["BrowserFleetChromium"]),
        .library(name: "BrowserFleetHTTP", targets: ["BrowserFleetHTTP"]),
        .library(name: "BrowserFleetGateway", targets: ["BrowserFleetGateway"]),
        .library(name: "BrowserFleetClient", targets: ["BrowserFleetClient"]),
        .library(name: "BrowserFleetSQLite", targets: ["BrowserFleetSQLite"]),
        .library(name: "BrowserFleetRedis", targets: ["BrowserFleetRedis"]),
        .library(name: "BrowserFleetPostgres", targets: ["BrowserFleetPostgres"]),
        .library(name: "BrowserFleetTesting", targets: ["BrowserFleetTesting"]),
        .executable(name: "fleetctl", targets: ["fleetctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: pure + shell + adapters + stores + composition + tests
)

for target in package.targets where !target.name.hasPrefix("C") {
    target.swiftSettings = settings
}
