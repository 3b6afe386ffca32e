#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds the examples and runs each for a moment.
#
#   Scripts/examples.sh SCRATCH-FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch="${1:-.build-examples}"

swift build --package-path Examples --scratch-path "$scratch"
programs="$scratch/debug"
work="$(mktemp -d)"
running=""
leave() {
    [ -z "$running" ] || kill "$running" 2>/dev/null || true
    rm -rf "$work"
}
trap leave EXIT

# A port that was free a moment ago.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Starts an example that serves, and waits until PATH answers.
serve() {
    local name="$1" path="$2"
    port="$(free_port)"
    "$programs/$name" "$port" 2>"$work/$name.log" &
    running=$!
    for _ in $(seq 1 200); do
        if curl --silent --fail --output /dev/null "http://127.0.0.1:$port$path"; then return 0; fi
        kill -0 "$running" || break
        sleep 0.1
    done
    cat "$work/$name.log"
    echo "error: $name does not answer"
    return 1
}

# Asks it to stop; it must leave by itself.
stop() {
    local process="$running"
    kill -TERM "$process"
    timeout 20 tail --pid="$process" -f /dev/null
    running=""
    wait "$process"
}

# A machine that has just built everything may be too busy for a browser at first.
post() {
    curl --silent --fail --retry 30 --retry-delay 1 --retry-max-time 60 --retry-all-errors "$@"
}

echo "-- CoreOnly"
timeout 20 "$programs/CoreOnly" | tee "$work/core"
grep -q 'grant(1' "$work/core"

echo "-- CustomLauncher"
timeout 20 "$programs/CustomLauncher" | tee "$work/custom"
[ "$(grep -c 'says 1' "$work/custom")" -eq 3 ]

echo "-- EmbeddedPool"
serve EmbeddedPool /ready
post --data-binary '<h1>Hello</h1>' --output "$work/page.pdf" \
    "http://127.0.0.1:$port/pdf"
[ "$(head -c 5 "$work/page.pdf")" = "%PDF-" ]
stop
echo "a PDF of $(stat --format=%s "$work/page.pdf") bytes"

echo "-- HummingbirdService"
export API_KEY=example-secret
serve HummingbirdService /hello
curl --silent --fail "http://127.0.0.1:$port/hello" | grep -q Hello
browser="$(post -X POST -H "X-API-Key: $API_KEY" "http://127.0.0.1:$port/browsers" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')"
curl --silent --fail "http://127.0.0.1:$port/health" | grep -q '"status"'
# A lease that is given back does not hold up the drain.
curl --silent --fail -X DELETE -H "X-API-Key: $API_KEY" "http://127.0.0.1:$port/browsers/$browser" \
    --output /dev/null
stop
echo "one port answered for both"
