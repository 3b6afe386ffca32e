// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

let measurements =
    identityBenchmarks() + poolBenchmarks() + placementBenchmarks() + fleetBenchmarks()
for measurement in measurements { print(measurement.json) }
