#!/usr/bin/env bash
# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs all tests, one step after the other, and ends with a table of the steps and their times and
# a line `N passed, N failed`.
#
#   Scripts/test.sh                  everything
#   Scripts/test.sh unit clients     only these steps
#   Scripts/test.sh --steps          names the steps
#
# FLEET_SOAK=1 chooses the long forms. One debug build serves every step but `sanitizer` and `simulator`.
# FLEET_TEST_DEADLINE=seconds is the time for all of it; steps that do not fit in count as failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
root="$PWD"
logs="$root/.build/test-logs"
tests="$root/.build/debug/BrowserFleetPackageTests.xctest"
program="$root/.build/debug/fleetctl"

# Each step with the seconds it may take: two to three times what it takes on two quiet cores. A
# new kind of test is a line here and a function below; new Swift targets and new clients are
# found by themselves.
steps=(
    "runner       60"
    "format       60"
    "build      1800"
    "unit        600"
    "simulator   600"
    "stores      300"
    "browsers    600"
    "sanitizer  1500"
    "clients    2100"
    "failures    300"
    "docs        180"
    "examples    600"
    "deploy      480"
    "readme      240"
    "demo        120"
)
# Only `runner` asks for this one: it never ends by itself.
fakes=("hang       600")
# Logs are read by machines too.
export NO_COLOR=1
# Long forms take hours; a step that hangs still ends.
soak_budget=28800
deadline="${FLEET_TEST_DEADLINE:-$([ -n "${FLEET_SOAK:-}" ] && echo $((4 * soak_budget)) || echo 5100)}"

# --- The steps -------------------------------------------------------------------------------

step_runner() { Scripts/test-runner.sh; }

# Also in a session of its own, and deaf to a friendly word.
step_hang() {
    setsid bash -c 'trap "" TERM; while :; do sleep 1000; done' &
    sleep 1000
}

step_format() { Scripts/lint.sh; }

step_build() {
    swift build --build-tests --explicit-target-dependency-import-check error
}

# What measures times of its own runs when nothing else does.
timed=(BrowserFleetHTTPTests.SlowConnectionTests)

# One process a target, so that no target's load starves what waits on sockets or clocks in another.
step_unit() {
    local target code=0
    # A thousand connections have both their ends in one process.
    ulimit -Sn "$(ulimit -Hn)"
    for target in Tests/*Tests; do
        target="${target#Tests/}"
        case "$target" in
            BrowserFleetChromiumTests | BrowserFleetSimulatorTests) ;;
            BrowserFleetRedisTests | BrowserFleetPostgresTests) ;;
            *) swift_suites "$target" "${timed[@]/#/--skip=}" || code=1 ;;
        esac
    done
    for target in "${timed[@]}"; do swift_suites "$target" || code=1; done
    return "$code"
}

# Optimised, in a package of its own with links to the pure targets. 5 % of the worlds are run
# twice more, in two processes, and must leave the same traces.
step_simulator() {
    local place=(--package-path Tests/Simulation --scratch-path "$root/.build-simulator")
    local optimised=(--configuration release -Xswiftc -enable-testing)
    swift build "${place[@]}" "${optimised[@]}" --build-tests || return 1
    # The fleet's worlds are to take three minutes: nothing runs beside them.
    local worlds="FleetSimulationTests/seeds"
    swift test "${place[@]}" "${optimised[@]}" --skip-build --skip "$worlds" || return 1
    swift test "${place[@]}" "${optimised[@]}" --skip-build --filter "$worlds" || return 1
    local simulate="$root/.build-simulator/release/Simulate" world traces="$logs/traces" other
    for world in server fleet; do
        "$simulate" "$world" traces 1 5000 20 >"$traces-$world-1" &
        other=$!
        "$simulate" "$world" traces 1 5000 20 >"$traces-$world-2" || return 1
        wait "$other" || return 1
        if [ "$(wc -l <"$traces-$world-1")" -ne 250 ] ||
            ! cmp -s "$traces-$world-1" "$traces-$world-2"; then
            say "error: two processes left different traces of the worlds of a $world"
            return 1
        fi
        say "250 worlds of a $world left the same traces in two processes"
    done
}

# Private engines, started and crashed by the tests through Scripts/engine.sh.
step_stores() {
    local target code=0
    for target in BrowserFleetRedisTests BrowserFleetPostgresTests; do
        swift_suites "$target" || code=1
    done
    return "$code"
}

# What starts real browsers runs alone and one test at a time.
step_browsers() { swift_suites BrowserFleetChromiumTests --no-parallel; }

# A package of its own with links to the targets that share memory between threads, so that
# nothing else is built a second time. Races are planted to see that they are found, and a lock
# that many threads want to see that it is understood.
step_sanitizer() {
    local place=(--package-path Tests/Sanitizer --scratch-path "$root/.build-sanitizer")
    swift build "${place[@]}" --build-tests --sanitize thread || return 1
    local planted="$root/.build-sanitizer/debug/PlantedRace" kind found
    for kind in no-lock two-locks; do
        found="$("$planted" "$kind" 2>&1)"
        if ! grep -qE 'ThreadSanitizer: (data|Swift access) race' <<<"$found"; then
            say "$found" "error: the sanitizer did not find the planted race: $kind"
            return 1
        fi
        say "the planted race was found: $kind"
    done
    "$planted" one-lock || return 1
    local target code=0
    for target in Tests/Sanitizer/Tests/*Tests; do
        target="${target##*/}"
        suites "$target" "sanitized-$target" \
            swift test "${place[@]}" --skip-build --sanitize thread || code=1
    done
    return "$code"
}

step_clients() { FLEETCTL="$program" Tests/Clients/run.sh; }

# Its own hosts, times of its own: alone.
step_failures() { FLEETCTL="$program" Tests/Clients/run.sh failures -- -rfEP; }

step_docs() { Scripts/docs.sh "$root/.build/documentation"; }

# In the folder of the debug build, whose products it can use.
step_examples() { Scripts/examples.sh "$root/.build"; }

step_deploy() { FLEETCTL="$program" Tests/Deploy/run.sh; }

step_readme() { Scripts/readme.sh "$program"; }

step_demo() { Scripts/demo.sh "$program" "$root/.build/demo.png"; }

# Runs the suites of one test target, or one suite as TARGET.SUITE, in the debug build.
#
#   swift_suites TARGET [FLAG…]
swift_suites() {
    local target="$1"
    shift
    suites "$target" "$target" "$tests" --testing-library swift-testing "$@"
}

# The same with any command that takes a filter. None at all is an error, for then a name is wrong.
#
#   suites TARGET LOG COMMAND…
suites() {
    local target="$1" log="$logs/$2.log" code
    shift 2
    "$@" --filter "^${target}[./]" 2>&1 | tee "$log"
    code="${PIPESTATUS[0]}"
    if ! grep -qE 'Test run with [1-9][0-9]* tests?' "$log"; then
        say "error: no test of $target ran"
        return 1
    fi
    return "$code"
}

# --- Running a step --------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

session=""
# What a step starts has this in its environment, with the numbers of all runs that it is part of.
mark="TEST_RUNS"

# Runs a command in a session of its own, and ends whatever it started with the command, or when
# its time is over.
within() {
    local limit="$1" code
    shift
    local end=$((SECONDS + limit))
    env "$mark=${!mark:-}:$$:" setsid "$@" </dev/null 3>&- &
    session=$!
    while kill -0 "$session" 2>/dev/null; do
        if [ "$SECONDS" -ge "$end" ]; then
            say "error: not done after $limit s"
            end_session
            return 124
        fi
        sleep 0.2
    done
    wait "$session"
    code=$?
    end_session
    return "$code"
}

# The processes that the present step has started: those of its session, those that carry its mark,
# for they may have begun a session of their own, and all below these, whatever they carry.
started() {
    local roots
    roots="$(
        pgrep --session "$session"
        grep --null-data --files-with-matches --no-messages "^$mark=.*:$$:" /proc/[0-9]*/environ |
            grep --only-matching '[0-9]*'
    )"
    ps -e -o pid= -o ppid= | awk -v roots="$roots" '
        BEGIN { split(roots, list); for (i in list) ours[list[i]] }
        { parent[$1] = $2 }
        END {
            do {
                grew = 0
                for (pid in parent) if (!(pid in ours) && parent[pid] in ours) { ours[pid]; grew = 1 }
            } while (grew)
            for (pid in ours) if (pid in parent) print pid
        }'
}

# Names whoever is left; who does not go within five seconds is killed.
end_session() {
    local begin=$SECONDS is_told="" left=()
    [ -n "$session" ] || return 0
    while true; do
        # Whoever loses its parent meanwhile is still known.
        mapfile -t left < <(
            started
            for pid in "${left[@]}"; do if kill -0 "$pid" 2>/dev/null; then echo "$pid"; fi; done
        )
        [ "${#left[@]}" -gt 0 ] || break
        if [ -z "$is_told" ]; then
            is_told=1
            say "still running, and now ended:"
            ps --format pid=,args= --pid "$(IFS=,; echo "${left[*]}")"
            kill -TERM "${left[@]}" 2>/dev/null
        elif [ $((SECONDS - begin)) -ge 10 ]; then
            break
        elif [ $((SECONDS - begin)) -ge 5 ]; then
            kill -KILL "${left[@]}" 2>/dev/null
        fi
        sleep 0.1
    done
    session=""
}

budget_of() {
    local entry name seconds
    if [ -n "${FLEET_SOAK:-}" ]; then
        say "$soak_budget"
        return 0
    fi
    for entry in "${steps[@]}" "${fakes[@]}"; do
        read -r name seconds <<<"$entry"
        if [ "$name" = "$1" ]; then
            say "$seconds"
            return 0
        fi
    done
    return 1
}

run_step() {
    local step="$1" log="$logs/$1.log" begin=$SECONDS budget code time
    budget="$(budget_of "$step")"
    if [ "$SECONDS" -ge "$deadline" ]; then
        failed=$((failed + 1))
        failures+=("$step")
        summary+=("$(printf '%-10s not begun: the %d s for all steps are over' "$step" "$deadline")")
        return 1
    fi
    if [ "$budget" -gt $((deadline - SECONDS)) ]; then budget=$((deadline - SECONDS)); fi
    say "== $step"
    within "$budget" "$root/Scripts/test.sh" --step "$step" >"$log" 2>&1
    code=$?
    time=$((SECONDS - begin))
    count "$log" "$code"
    summary+=("$(printf '%-10s %5d s of %5d s   %s' "$step" "$time" "$budget" "$step_result")")
    if [ "$code" -eq 0 ]; then
        say "   $step_result, $time s"
        return 0
    fi
    failures+=("$step")
    blame "$step" "$log"
    say "   $step_result, $time s; the end of $log:"
    grep -E 'error:|^✘|^FAILED|^ERROR|recorded an issue' "$log" | head -n 40
    tail -n 40 "$log"
    return 1
}

# --- Counting --------------------------------------------------------------------------------

passed=0
failed=0
skipped=0
failures=()
blamed=()
summary=()

# Sums the numbers in front of a word, over those lines of a log that fit a pattern.
sum() {
    grep -E "$2" "$1" | grep -oE "[0-9]+ $3" | awk '{ total += $1 } END { print total + 0 }'
}

# Adds what a step's log says about its tests; a step without tests is one test itself.
count() {
    local log="$1" code="$2" swift_all swift_failed swift_skipped py_passed py_failed py_skipped
    local run='Test run with [0-9]+ tests?.* (passed|failed) after' totals='(^|[= ])[0-9]+ .* in [0-9.]+s'
    swift_all=$(sum "$log" "$run" 'tests?')
    swift_failed=$(grep -cE '^✘ Test ("|[A-Za-z_]+\().* failed after' "$log")
    swift_skipped=$(grep -cE '^[^ ]+ Test ("|[A-Za-z_]+\().* skipped' "$log")
    py_passed=$(sum "$log" "$totals" passed)
    py_failed=$(($(sum "$log" "$totals" failed) + $(sum "$log" "$totals" 'errors?')))
    py_skipped=$(sum "$log" "$totals" skipped)
    local good=$((swift_all - swift_failed - swift_skipped + py_passed))
    local bad=$((swift_failed + py_failed))
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ "$code" -eq 0 ] && [ $((good + bad)) -eq 0 ]; then good=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + swift_skipped + py_skipped))
    step_result="$good passed, $bad failed"
}

# Notes which tests of a step failed, for the end of the report: of a long output often only that is kept.
blame() {
    local line
    while read -r line; do blamed+=("$1: ${line:0:240}"); done < <(
        sed -nE 's/^✘ Test (("|[A-Za-z_]+\().*) failed after.*/\1/p; s/^(FAILED|ERROR) //p' "$2" |
            head -n 20)
}

# Prints the sum of what ran; the last line is the one that machines read.
report() {
    say ""
    printf '%s\n' "${summary[@]}"
    say "all        $SECONDS s"
    if [ "$skipped" -gt 0 ]; then say "$skipped skipped"; fi
    if [ "${#blamed[@]}" -gt 0 ]; then printf 'failed in %s\n' "${blamed[@]}"; fi
    if [ "${#failures[@]}" -gt 0 ]; then say "failed steps: ${failures[*]}"; fi
    say "$passed passed, $failed failed"
}

# Whoever ends the run still reads how far it came.
interrupted() {
    trap '' INT TERM
    end_session
    failed=$((failed + 1))
    failures+=("interrupted")
    # Not to the log of the present step.
    report >&3
    exit 130
}

main() {
    local chosen=("$@") step
    [ "${#chosen[@]}" -gt 0 ] || mapfile -t chosen < <(printf '%s\n' "${steps[@]%% *}")
    for step in "${chosen[@]}"; do
        if ! budget_of "$step" >/dev/null; then
            say "no such step: $step (there are: ${steps[*]%% *})" >&2
            return 2
        fi
    done
    mkdir -p "$logs"
    exec 3>&1
    trap interrupted INT TERM
    for step in "${chosen[@]}"; do
        if ! run_step "$step" && [ "$step" = build ]; then
            say "what follows needs the build; stopping here"
            break
        fi
    done
    report
    [ "$failed" -eq 0 ]
}

case "${1:-}" in
    --steps) printf '%s\n' "${steps[@]%% *}" ;;
    --step) "step_$2" ;;
    *) main "$@" ;;
esac
