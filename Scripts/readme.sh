#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs what README and the operator's guide tell people to type: every block of code marked `sh`
# or `python`, in their order, against a server of this script's own. Lines that begin with
# `make` are left out: those are the commands that run all this; and so are those that get the
# repository and what `make` itself needs.
#
#   Scripts/readme.sh PROGRAM
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
program="$(cd "$(dirname "${1:?which fleetctl?}")" && pwd)/fleetctl"
. "$root/Scripts/server.sh"
trap stop_server EXIT

# Prints the blocks of one language, each with a form feed behind it.
blocks() {
    awk -v language="$2" '
        /^```/ { if (inside) { printf "\f" }
                 inside = !inside && $0 == "```" language; next }
        inside { print }' "$1"
}

run_block() {
    local language="$1" block="$2"
    cd "$server_folder"
    case "$language" in
        sh) PATH="$(dirname "$program"):$PATH" timeout 60 bash -euo pipefail -c "$block" ;;
        python) timeout 60 "$root/.venv-playwright/bin/python" -c "$block" ;;
    esac
}

# Runs all blocks of a language in a document, and sees that it has not missed any.
run_blocks() {
    local document="$1" language="$2" block ran=0 left_out=0 written
    while IFS= read -r -d $'\f' block; do
        block="$(printf '%s\n' "$block" | grep -vE '^(make|git clone|cd|sudo apt-get) ' || true)"
        if [ -z "${block//[[:space:]]/}" ]; then
            left_out=$((left_out + 1))
            continue
        fi
        ran=$((ran + 1))
        printf '+ %s\n' "$block"
        (run_block "$language" "$block") </dev/null
    done < <(blocks "$document" "$language")
    written="$(grep -c "^\`\`\`$language" "$document" || true)"
    if [ "$ran" -eq 0 ] || [ "$((ran + left_out))" -ne "$written" ]; then
        echo "$document has $written blocks of $language, but $ran ran and $left_out were left out" >&2
        return 1
    fi
    echo "$ran blocks of $language in $document ran, $left_out of make only were left out"
}

main() {
    "$root/Tests/Clients/run.sh" --prepare playwright
    start_server "$program" --warm-browsers 1 --drain-timeout 1s --max-cpu-percent 100
    run_blocks "$root/README.md" sh
    run_blocks "$root/README.md" python
    run_blocks "$root/Docs/Operations.md" sh
}

main
