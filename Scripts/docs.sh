#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds the documentation of every library from the debug build's modules and refuses a public
# symbol without a comment. Adapters may link to types of other modules, which DocC cannot resolve
# alone; for the rest a warning is an error.
#
#   Scripts/docs.sh FOLDER      HTML for any web server goes below FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
output="${1:-.build/documentation}"
target="$(swiftc -print-target-info | python3 -c 'import json, sys; print(json.load(sys.stdin)["target"]["unversionedTriple"])')"

# C modules that modules import, and the headers that those of the stores' engines stand for.
read -ra includes < <(pkg-config --cflags-only-I hiredis libpq)
while read -r folder; do includes+=(-I "$folder"); done < <(
    find -L .build/checkouts .build/debug/C*.build Sources/C* -name module.modulemap -printf '%h\n' |
        sort -u)

strict=" BrowserFleetAPI BrowserFleetCDP BrowserFleetCore BrowserFleetRuntime BrowserFleetSimulator "

rm -rf "$output"
for catalog in Sources/*/*.docc; do
    module="$(basename "$catalog" .docc)"
    graphs="$output/graphs/$module"
    mkdir -p "$graphs"
    swift symbolgraph-extract -module-name "$module" -I .build/debug/Modules "${includes[@]}" \
        -Xcc -D_GNU_SOURCE=1 -target "$target" -output-dir "$graphs" -minimum-access-level public \
        -skip-synthesized-members
    python3 Scripts/documented.py "$graphs"/*.symbols.json
    options=()
    [[ "$strict" != *" $module "* ]] || options=(--warnings-as-errors)
    docc convert "$catalog" --additional-symbol-graph-dir "$graphs" "${options[@]}" \
        --fallback-display-name "$module" --fallback-bundle-identifier "browserfleet.$module" \
        --output-dir "$output/$module"
    echo "$module is documented"
done
