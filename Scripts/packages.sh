#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# The one place that names Debian packages.
#
#   Scripts/packages.sh run         what building and serving need
#   Scripts/packages.sh run test    and what the tests and benchmarks need
#   Scripts/packages.sh --list run  only prints the names
#
# Says what is missing and installs it: as root, or by sudo if that asks for no password. Where
# neither is possible it prints the command to type and exits with 1.
set -euo pipefail

# Foundation's networking links libcurl and the compression of NIO links zlib. The headless shell
# serves headless browsers, chromium and Xvfb those with a screen, bubblewrap is the jail. SQLite
# is for the store.
run_packages=(
    libcurl4-openssl-dev zlib1g-dev libsqlite3-dev
    chromium chromium-headless-shell bubblewrap xvfb
    fonts-liberation fonts-noto-core
    ca-certificates curl
)
# python3-venv runs the real clients, haproxy is a peer of the benchmarks, promtool (prometheus)
# reads /metrics, procps counts processes.
test_packages=(python3 python3-venv haproxy prometheus procps)

say() { printf '%s\n' "$*" >&2; }

require_swift() {
    if command -v swift >/dev/null; then return; fi
    say "Swift is missing. BrowserFleet is built with Swift 6.3 or later; get it with swiftly:"
    say ""
    say "  curl -fsSLO https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz"
    say "  tar xzf swiftly-\$(uname -m).tar.gz && ./swiftly init"
    say ""
    say "or see https://www.swift.org/install/linux. Then open a new shell and try again."
    exit 1
}

wanted() {
    local set
    for set in "$@"; do
        case "$set" in
            run) printf '%s\n' "${run_packages[@]}" ;;
            test) printf '%s\n' "${test_packages[@]}" ;;
            *) say "no such set of packages: $set"; exit 2 ;;
        esac
    done
}

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install() {
    local command=(apt-get install --yes --no-install-recommends "$@")
    if [ "$(id -u)" -eq 0 ]; then
        as_root=(env DEBIAN_FRONTEND=noninteractive)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
    else
        say "they cannot be installed from here; type this and try again:"
        say ""
        say "  sudo apt-get update && sudo ${command[*]}"
        exit 1
    fi
    "${as_root[@]}" apt-get update --quiet --quiet </dev/null >&2 || true
    # A service that a package brings is not ours to start: the tests start what they need.
    if ! "${as_root[@]}" RUNLEVEL=1 "${command[@]}" </dev/null >&2; then
        say "the packages could not be installed; type this to see why:"
        say ""
        say "  ${as_root[*]} ${command[*]}"
        exit 1
    fi
}

main() {
    if [ "${1:-}" = --list ]; then
        shift
        wanted "$@"
        return
    fi
    require_swift
    local names missing=() name
    names="$(wanted "$@")"
    if ! command -v dpkg-query >/dev/null; then
        say "this is not Debian; make sure that what these packages bring is there:" $names
        return
    fi
    for name in $names; do
        is_installed "$name" || missing+=("$name")
    done
    [ "${#missing[@]}" -eq 0 ] && return
    say "missing: ${missing[*]}"
    install "${missing[@]}"
}

main "$@"
