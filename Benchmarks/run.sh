#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Measures BrowserFleet and its peers in one run and prints the table (`make bench`).
#
#   Benchmarks/run.sh                    everything
#   Benchmarks/run.sh --only wire,core   only these groups: core, node, wire, load, server, gateway
#
# FLEETCTL     the server to measure (default: built here, for release)
# BENCH_JSON   where the figures go (default: .build/bench.json)
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/.." && pwd)"

"$root/Tests/Clients/run.sh" --prepare playwright
if [ -z "${FLEETCTL:-}" ]; then
    swift build --package-path "$root" --configuration release --product fleetctl >&2
    FLEETCTL="$(swift build --package-path "$root" --configuration release --show-bin-path)/fleetctl"
fi
export FLEETCTL
swift build --package-path "$root" --configuration release --product FakeNode >&2
servers="$(swift build --package-path "$root" --configuration release --show-bin-path)"
swift build --package-path "$here" --configuration release >&2
programs="$(swift build --package-path "$here" --configuration release --show-bin-path)"

export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here:$root/Tests/Clients"
exec "$root/.venv-playwright/bin/python" -m bench \
    --core "$programs/CoreBenchmarks" --wire "$programs/WireBenchmark" \
    --http "$programs/HTTPBenchmark" --fake-node "$servers/FakeNode" \
    --json "${BENCH_JSON:-$root/.build/bench.json}" "$@"
