#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs what README and the operator's guide tell people to type: every block of code marked `sh`
# or `python`, in their order, against a server of this script's own. Lines that begin with
# `make` are left out: those are the commands that run all this.
#
#   Scripts/readme.sh PROGRAM
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
program="$(cd "$(dirname "${1:?which fleetctl?}")" && pwd)/fleetctl"
. "$root/Scripts/server.sh"
trap stop_server EXIT

# Prints the blocks of one language, separated by a form feed.
blocks() {
    awk -v language="$2" '
        /^```/ { if (inside) { printf "\f" }
                 inside = !inside && $0 == "```" language; next_fence = 1; next }
        inside { print }' "$1"
}

run_blocks() {
    local document="$1" language="$2" block count=0
    while IFS= read -r -d $'\f' block; do
        block="$(printf '%s\n' "$block" | grep -vE '^(make|git clone|cd) ' || true)"
        [ -n "${block//[[:space:]]/}" ] || continue
        count=$((count + 1))
        printf '+ %s\n' "$block"
        case "$language" in
            sh) (cd "$server_folder" && PATH="$(dirname "$program"):$PATH" bash -euo pipefail -c "$block" </dev/null) ;;
            python) (cd "$server_folder" && "$root/.venv-playwright/bin/python" -c "$block" </dev/null) ;;
        esac
    done < <(blocks "$document" "$language")
    if [ "$count" -eq 0 ]; then
        echo "$document has no block of $language" >&2
        return 1
    fi
    echo "$count blocks of $language in $document ran"
}

main() {
    "$root/Tests/Clients/run.sh" --prepare playwright
    start_server "$program" --warm-browsers 1 --drain-timeout 1s --max-cpu-percent 100
    run_blocks "$root/README.md" sh
    run_blocks "$root/README.md" python
    run_blocks "$root/Docs/Operations.md" sh
}

main
