#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Creates a browser, loads a local page, saves a screenshot and says where.
#
#   Scripts/demo.sh PROGRAM [PICTURE [FLAG…]]     the flags are for `fleetctl serve`
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
program="${1:?which fleetctl?}"
picture="${2:-$root/.build/demo.png}"
# shellcheck source=Scripts/server.sh
. "$root/Scripts/server.sh"
trap stop_server EXIT

say() { printf '\n%s\n' "$*" >&2; }

start_server "$program" --warm-browsers 1 --drain-timeout 1s --max-cpu-percent 100 "${@:3}"
say "a server answers at $FLEET_URL"

id="$("$program" browsers create --output json | sed -n 's/.*"id" : "\(.*\)",/\1/p')"
say "it made the browser $id"

page='data:text/html,<body style="font:48px sans-serif;background:%23123;color:%23fff;padding:2em"><h1>Hello from BrowserFleet</h1><p id="p"></p><script>p.textContent=navigator.userAgent</script>'
"$program" browsers screenshot "$id" --page "$page" --file "$picture" >/dev/null
"$program" browsers get "$id" >&2
"$program" browsers delete "$id" >&2
say "the picture is in $picture"
