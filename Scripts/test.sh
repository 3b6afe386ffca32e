#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs all tests, one step after the other, and ends with a line `N passed, N failed`.
#
#   Scripts/test.sh                  everything
#   Scripts/test.sh unit clients     only these steps
#   Scripts/test.sh --steps          names the steps
#
# FLEET_SOAK=1 chooses the long forms. One debug build serves every step but `sanitizer`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root="$PWD"
logs="$root/.build/test-logs"

all_steps=(format build unit browsers sanitizer clients examples readme demo)
# Suites that start real browsers run alone and one test at a time.
browser_suites='^BrowserFleetChromiumTests\.'

passed=0
failed=0
skipped=0
failures=()
summary=()

say() { printf '%s\n' "$*"; }

# --- The steps -------------------------------------------------------------------------------

step_format() { Scripts/lint.sh; }

step_build() {
    swift build --build-tests --explicit-target-dependency-import-check error
}

# One process a target, so that the simulator's load does not starve what waits on sockets.
step_unit() {
    local target code=0
    for target in Tests/*Tests; do
        target="${target#Tests/}"
        [ "$target" != BrowserFleetChromiumTests ] || continue
        timeout --kill-after=30 900 swift test --skip-build --filter "^$target\\." || code=1
    done
    return "$code"
}

step_browsers() { timeout --kill-after=30 900 swift test --skip-build --no-parallel --filter "$browser_suites"; }

# A package of its own with links to the targets that share memory between threads, so that
# nothing else is built a second time. A race is planted to see that one is found.
step_sanitizer() {
    local place=(--package-path Tests/Sanitizer --scratch-path "$root/.build-sanitizer")
    local -x TSAN_OPTIONS="suppressions=$root/Tests/Sanitizer/suppressions.txt halt_on_error=0"
    local found
    found="$(swift run "${place[@]}" --sanitize thread PlantedRace 2>&1)"
    if ! grep -q 'ThreadSanitizer: data race' <<<"$found"; then
        printf '%s\n' "$found" "error: the sanitizer did not find the planted race"
        return 1
    fi
    say "the planted race was found"
    swift test "${place[@]}" --sanitize thread
}

step_clients() { FLEETCTL="$root/.build/debug/fleetctl" Tests/Clients/run.sh; }

step_examples() {
    [ -f Examples/Package.swift ] || return 0
    swift build --package-path Examples --scratch-path "$root/.build-examples"
}

step_readme() { Scripts/readme.sh .build/debug/fleetctl; }

step_demo() { Scripts/demo.sh .build/debug/fleetctl "$root/.build/demo.png"; }

# --- Counting --------------------------------------------------------------------------------

# Sums the numbers in front of a word, over those lines of a log that fit a pattern.
sum() {
    grep -E "$2" "$1" | grep -oE "[0-9]+ $3" | awk '{ total += $1 } END { print total + 0 }'
}

# Adds what a step's log says about its tests; a step without tests is one test itself.
count() {
    local log="$1" code="$2" swift_all swift_failed py_passed py_failed py_skipped
    local run='Test run with [0-9]+ tests?.* (passed|failed) after' totals='(^|[= ])[0-9]+ .* in [0-9.]+s'
    swift_all=$(sum "$log" "$run" 'tests?')
    swift_failed=$(grep -cE '^✘ Test ("|[A-Za-z_]+\().* failed after' "$log")
    py_passed=$(sum "$log" "$totals" passed)
    py_failed=$(($(sum "$log" "$totals" failed) + $(sum "$log" "$totals" 'errors?')))
    py_skipped=$(sum "$log" "$totals" skipped)
    local good=$((swift_all - swift_failed + py_passed)) bad=$((swift_failed + py_failed))
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ "$code" -eq 0 ] && [ $((good + bad)) -eq 0 ]; then good=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + py_skipped))
    step_result="$good passed, $bad failed"
}

run_step() {
    local step="$1" log="$logs/$1.log" begin=$SECONDS code
    say "== $step"
    "step_$step" </dev/null >"$log" 2>&1
    code=$?
    count "$log" "$code"
    summary+=("$(printf '%-10s %5d s   %s' "$step" $((SECONDS - begin)) "$step_result")")
    if [ "$code" -eq 0 ]; then
        say "   $step_result, $((SECONDS - begin)) s"
        return 0
    fi
    failures+=("$step")
    say "   $step_result, $((SECONDS - begin)) s; the end of $log:"
    grep -E 'error:|^✘|^FAILED|^ERROR|recorded an issue' "$log" | head -40
    tail -n 40 "$log"
    return 1
}

main() {
    if [ "${1:-}" = --steps ]; then
        printf '%s\n' "${all_steps[@]}"
        return 0
    fi
    local steps=("$@") step
    [ "${#steps[@]}" -gt 0 ] || steps=("${all_steps[@]}")
    mkdir -p "$logs"
    for step in "${steps[@]}"; do
        if ! run_step "$step" && [ "$step" = build ]; then
            say "what follows needs the build; stopping here"
            break
        fi
    done
    say ""
    printf '%s\n' "${summary[@]}"
    if [ "$skipped" -gt 0 ]; then say "$skipped skipped"; fi
    if [ "${#failures[@]}" -gt 0 ]; then say "failed steps: ${failures[*]}"; fi
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

main "$@"
