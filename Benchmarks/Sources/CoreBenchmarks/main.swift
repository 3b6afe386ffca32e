// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

for measurement in identityBenchmarks() + poolBenchmarks() + placementBenchmarks() {
    print(measurement.json)
}
