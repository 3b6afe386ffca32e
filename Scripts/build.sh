#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds fleetctl: Scripts/build.sh release|debug
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

configuration="${1:-release}"
if [ ! -x ".build/$configuration/fleetctl" ]; then
    echo "building ($configuration); the first time takes some minutes" >&2
fi
options=(--configuration "$configuration" --product fleetctl)
# What is released runs without Swift on the machine, wherever it is copied to.
if [ "$configuration" = release ]; then options+=(--static-swift-stdlib); fi
# stdout stays free for what is built.
swift build "${options[@]}" >&2
