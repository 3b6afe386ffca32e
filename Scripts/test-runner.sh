#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Tests the test command itself: a step that hangs, with a child in a session of its own that no
# friendly word ends, is ended at the deadline of the run; what no time is left for is counted; and
# the line that machines read comes in every case.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

output="$(mktemp)"
trap 'rm -f "$output"' EXIT

# Fails unless the run ended with this line and left none of its processes.
#
#   expect RUN LINE
expect() {
    local run="$1" line="$2"
    if [ "$(tail -n 1 "$output")" != "$line" ]; then
        cat "$output"
        echo "error: the last line is not '$line'"
        exit 1
    fi
    if grep -lzs "^TEST_RUNS=.*:$run:" /proc/[0-9]*/environ; then
        echo "error: these are still there"
        exit 1
    fi
}

echo "at the deadline of the run"
FLEET_TEST_DEADLINE=2 Scripts/test.sh hang hang >"$output" 2>&1 &
run=$!
if wait "$run"; then
    echo "error: a run with a step that hangs passed"
    exit 1
fi
[ "$SECONDS" -lt 30 ] || { echo "error: it took $SECONDS s"; exit 1; }
expect "$run" "0 passed, 2 failed"

echo "when somebody ends it"
Scripts/test.sh hang >"$output" 2>&1 &
run=$!
until pgrep --parent "$run" --full hang >/dev/null; do
    kill -0 "$run"
    sleep 0.1
done
kill -TERM "$run"
if wait "$run"; then
    echo "error: a run that was ended passed"
    exit 1
fi
expect "$run" "0 passed, 1 failed"
