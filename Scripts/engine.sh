#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs one private Redis or PostgreSQL for a test, on 127.0.0.1, in the foreground.
#
#   Scripts/engine.sh redis FOLDER PORT [TLS_PORT [SETTING…]]
#   Scripts/engine.sh postgres FOLDER PORT
#
# All it has lies in FOLDER, its log too. Started again with the same folder it has the same data.
# The process that runs is the engine itself: SIGTERM, SIGQUIT or SIGKILL ends it. If the caller
# is gone it ends by itself, and a folder called fleet-… goes too. The certificate in FOLDER/tls is
# signed by itself and names 127.0.0.1 and localhost.
set -euo pipefail

kind="$1" folder="$2" port="$3"
shift 3
mkdir -p "$folder"

if [ ! -e "$folder/tls/server.key" ]; then
    mkdir -p "$folder/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
        -keyout "$folder/tls/server.key" -out "$folder/tls/server.crt" 2>/dev/null
    chmod 600 "$folder/tls/server.key"
fi

watch_caller() {
    local caller="$PPID" engine="$$"
    (
        # What the caller waits on must not stay open here.
        for descriptor in /proc/self/fd/*; do
            descriptor="${descriptor##*/}"
            if [ "$descriptor" -gt 2 ]; then eval "exec $descriptor>&-"; fi
        done
        while kill -0 "$caller" && kill -0 "$engine"; do sleep 1; done
        kill -0 "$caller" && exit
        kill -QUIT "$engine"
        case "$(basename "$folder")" in fleet-*) sleep 1; rm -rf "$folder" ;; esac
    ) >/dev/null 2>&1 &
}

run_redis() {
    local tls_port="${1:-0}" settings=("${@:2}")
    exec redis-server --bind 127.0.0.1 --port "$port" --tls-port "$tls_port" --dir "$folder" \
        --tls-cert-file "$folder/tls/server.crt" --tls-key-file "$folder/tls/server.key" \
        --tls-auth-clients no --appendonly yes --appendfsync always --save "" \
        --daemonize no --logfile "$folder/redis.log" "${settings[@]}"
}

# PostgreSQL refuses to run as root.
run_postgres() {
    local versions=(/usr/lib/postgresql/*/bin) programs as_other=()
    programs="${versions[-1]}"
    if [ "$(id -u)" -eq 0 ]; then
        as_other=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
        chown -R postgres:postgres "$folder"
    fi
    cd /
    if [ ! -e "$folder/data/PG_VERSION" ]; then
        LC_ALL=C "${as_other[@]}" "$programs/initdb" --pgdata="$folder/data" --username=fleet \
            --auth=trust --encoding=UTF8 --no-sync >"$folder/initdb.log" 2>&1
    fi
    exec "${as_other[@]}" "$programs/postgres" -D "$folder/data" -p "$port" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c ssl=on \
        -c ssl_cert_file="$folder/tls/server.crt" -c ssl_key_file="$folder/tls/server.key" \
        -c max_connections=60 -c shared_buffers=16MB \
        >>"$folder/postgres.log" 2>&1
}

watch_caller
case "$kind" in
    redis) run_redis "$@" ;;
    postgres) run_postgres ;;
    *) echo "no such engine: $kind" >&2; exit 2 ;;
esac
