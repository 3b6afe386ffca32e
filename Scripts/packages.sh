#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# The one place that names Debian packages.
#
#   Scripts/packages.sh run           what building and serving need (sets: build, serve)
#   Scripts/packages.sh run test      and what the tests and benchmarks need
#   Scripts/packages.sh --list serve  only prints the names
#
# Says what is missing and installs it: as root, or by sudo if that asks for no password. Where
# neither is possible it prints the command to type and exits with 1.
set -euo pipefail

# git fetches what the package depends on; g++ brings the linker and the C and C++ libraries that
# Swift builds against, ncurses and xml2 are what the toolchain itself loads. Foundation's
# networking links libcurl and the compression of NIO links zlib. SQLite, hiredis and libpq are for
# the stores; pkg-config finds the last two.
build_packages=(
    git g++ libncurses6 libxml2
    libcurl4-openssl-dev zlib1g-dev libsqlite3-dev
    libhiredis-dev libpq-dev pkg-config
    ca-certificates
)
# The headless shell serves headless browsers, chromium and Xvfb those with a screen, bubblewrap
# is the jail. The libraries are what `build` has the development files of.
serve_packages=(
    chromium chromium-headless-shell bubblewrap xvfb
    fonts-liberation fonts-noto-core
    libcurl4 zlib1g libsqlite3-0 libhiredis0.14 libpq5
    ca-certificates curl
)
# python3-venv and nodejs run the real clients, haproxy and nginx balance servers, promtool (prometheus)
# reads /metrics, procps counts processes, shellcheck reads the scripts. For the files of Deploy:
# runc starts a container as Docker does, systemd-container boots systemd, apparmor has its parser.
# For the security tests: iproute2 wires a made-up internet, microsocks is an upstream proxy, openssl
# makes certificates. Redis and PostgreSQL run privately under the tests.
test_packages=(
    python3 python3-venv haproxy nginx-light nodejs prometheus procps shellcheck
    runc systemd systemd-container apparmor
    iproute2 microsocks openssl
    redis-server postgresql
)

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
            build) printf '%s\n' "${build_packages[@]}" ;;
            serve) printf '%s\n' "${serve_packages[@]}" ;;
            run) printf '%s\n' "${build_packages[@]}" "${serve_packages[@]}" ;;
            test) printf '%s\n' "${test_packages[@]}" ;;
            *) say "no such set of packages: $set"; exit 2 ;;
        esac
    done
}

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install() {
    local install=(install --yes --no-install-recommends "$@")
    # Nothing asks, and another run of apt is waited for. A service that a package brings is not
    # ours to start: the tests start what they need.
    local apt=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
        apt-get --quiet --option=DPkg::Lock::Timeout=300)
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            say "they cannot be installed from here; type this and try again:"
            say ""
            say "  sudo apt-get update && sudo apt-get ${install[*]}"
            exit 1
        fi
        apt=(sudo -n "${apt[@]}")
    fi
    "${apt[@]}" --quiet update </dev/null >&2 ||
        say "the lists of packages could not be brought up to date; trying with what is there"
    if ! "${apt[@]}" "${install[@]}" </dev/null >&2; then
        say "the packages could not be installed; type this to see why:"
        say ""
        say "  ${apt[*]} ${install[*]}"
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
    names="$(wanted "$@" | awk '!seen[$0]++')"
    if ! command -v dpkg-query >/dev/null; then
        say "this is not Debian; make sure that what these packages bring is there:"
        say "$names"
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
