#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the tests with real clients, one client after the other, each in an environment of its own.
#
#   Tests/Clients/run.sh                  all clients
#   Tests/Clients/run.sh raw playwright   only these
#   Tests/Clients/run.sh raw -- -k kill   what is behind `--` is pytest's
#   Tests/Clients/run.sh failures         servers that die; only when asked for by name
#   Tests/Clients/run.sh --prepare        makes the environments and ends
#
# FLEETCTL   the program under test (default: .build/debug/fleetctl)
# PYTHON     the Python that makes the environments (default: python3)
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
python="${PYTHON:-python3}"
all=(raw playwright pyppeteer pydoll kosoku schemathesis)

say() { printf '%s\n' "$*" >&2; }

# The environment of a client: what breaks a fleet is as bare as the rest of the bare ones.
environment() { if [ "$1" = failures ]; then echo raw; else echo "$1"; fi; }

# An environment is made anew when its list of requirements has changed.
prepare() {
    local venv="$root/.venv-$1" list="$here/requirements/$1.txt"
    if cmp -s "$list" "$venv/made-from.txt"; then return; fi
    say "making $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$list"
    cp "$list" "$venv/made-from.txt"
}

main() {
    local only_prepare=0 clients=() client environment failed=()
    while [ "$#" -gt 0 ]; do
        case "$1" in
            --prepare) only_prepare=1 ;;
            --) shift; break ;;
            *) clients+=("$1") ;;
        esac
        shift
    done
    [ "${#clients[@]}" -gt 0 ] || clients=("${all[@]}")
    for client in "${clients[@]}"; do
        environment="$(environment "$client")"
        [ -f "$here/requirements/$environment.txt" ] || { say "no such client: $client"; exit 2; }
        prepare "$environment"
    done
    [ "$only_prepare" -eq 0 ] || return 0

    export FLEETCTL="${FLEETCTL:-$root/.build/debug/fleetctl}"
    if [ -z "${FLEET_URL:-}" ] && [ ! -x "$FLEETCTL" ]; then
        say "$FLEETCTL is missing: build it with 'swift build --product fleetctl'"
        exit 2
    fi
    for client in "${clients[@]}"; do
        say "== $client"
        (cd "$here" && PYTHONDONTWRITEBYTECODE=1 "$root/.venv-$(environment "$client")/bin/python" -m pytest \
            test_"$client"_*.py "$@") || failed+=("$client")
    done
    if [ "${#failed[@]}" -gt 0 ]; then
        say "failed: ${failed[*]}"
        exit 1
    fi
}

main "$@"
