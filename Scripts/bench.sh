#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the benchmarks of Benchmarks/ with the release build.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export FLEETCTL="$root/.build/release/fleetctl"
exec "$root/Benchmarks/run.sh" "$@"
