#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Tests the files of Deploy: the server runs in a container as Docker makes one, and under systemd.
#
#   FLEETCTL   the program under test (default: .build/debug/fleetctl)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
export FLEETCTL="${FLEETCTL:-$root/.build/debug/fleetctl}"
# Debian keeps some of the tools where ordinary users do not look.
export PATH="$PATH:/usr/sbin:/sbin"

"$root/Tests/Clients/run.sh" --prepare deploy
command=(env PYTHONDONTWRITEBYTECODE=1 "$root/.venv-deploy/bin/python" -m pytest
    -c "$root/Tests/Clients/pytest.ini" --rootdir "$here" "$here" "$@")
# What is mounted for the tests is theirs alone, and goes when they end.
if [ "$(id -u)" -eq 0 ]; then
    command=(unshare --mount --propagation private "${command[@]}")
fi
exec "${command[@]}"
