#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Checks the format of every Swift file, or mends it with --fix; and reads the shell scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

places=()
for place in Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources; do
    [ -e "$place" ] && places+=("$place")
done
if [ "${1:-}" = --fix ]; then
    swift format --in-place --parallel --configuration .swift-format --recursive "${places[@]}"
fi
swift format lint --strict --parallel --configuration .swift-format --recursive "${places[@]}"

shellcheck --external-sources .ci/run Scripts/*.sh Tests/*/run.sh Benchmarks/run.sh
