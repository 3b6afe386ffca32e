# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For scripts that need a server of their own; source it.
#
#   start_server PROGRAM [FLAG…]   serves on a free port with a new data folder, waits until it is
#                                  ready, and sets FLEET_URL, FLEET_API_KEY and DATA_DIR
#   stop_server                    ends it, by its process ID, and removes the folder; a server
#                                  that has to be killed, or fails at its end, fails the script
#
# The script that sources this sets `trap stop_server EXIT` before it starts one.

server_pid=""
server_folder=""

start_server() {
    local program="$1"
    shift
    server_folder="$(mktemp -d "${TMPDIR:-/tmp}/browserfleet.XXXXXX")"
    # Where the server is root, its browsers are not: they must get at what is theirs.
    chmod 755 "$server_folder"
    export DATA_DIR="$server_folder/data"
    "$program" serve --port 0 "$@" \
        >"$server_folder/log" 2>&1 </dev/null &
    server_pid=$!
    local tries=0
    until [ -s "$server_folder/data/server.yaml" ]; do
        tries=$((tries + 1))
        if ! kill -0 "$server_pid" 2>/dev/null || [ "$tries" -gt 300 ]; then
            cat "$server_folder/log" >&2
            echo "the server did not start" >&2
            return 1
        fi
        sleep 0.1
    done
    FLEET_URL="$(sed -n "s/^url: *//p" "$server_folder/data/server.yaml" | tr -d "'\"")"
    FLEET_API_KEY="$(cat "$server_folder/data/local-key")"
    export FLEET_URL FLEET_API_KEY
    curl --silent --fail --retry 120 --retry-delay 1 --retry-max-time 90 --max-time 5 \
        --retry-all-errors --output /dev/null \
        "$FLEET_URL/health/ready"
}

stop_server() {
    local tries=0 code=0
    if [ -n "$server_pid" ]; then
        kill -TERM "$server_pid" 2>/dev/null || true
        while kill -0 "$server_pid" 2>/dev/null; do
            tries=$((tries + 1))
            if [ "$tries" -gt 300 ]; then
                echo "the server did not end within 30 s of SIGTERM; killed" >&2
                kill -KILL "$server_pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
        done
        wait "$server_pid" || code=$?
        if [ "$code" -ne 0 ]; then
            tail -n 40 "$server_folder/log" >&2
            echo "the server ended with $code" >&2
        fi
    fi
    server_pid=""
    if [ -n "$server_folder" ]; then rm -rf "$server_folder"; fi
    server_folder=""
    # A trap's own result is ignored: only an exit makes the script fail.
    [ "$code" -eq 0 ] || exit 1
}
