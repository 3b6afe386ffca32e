# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariants 19, 24 and 25: no port, no orphan, no growth.

`FLEET_KILLS` and `FLEET_CYCLES` set how often; `FLEET_SOAK=1` chooses the long forms.
"""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass

import pytest
import requests

from harness import processes
from harness.cdp import connected, open_page, visit
from harness.waiting import eventually

SOAK = os.environ.get("FLEET_SOAK") == "1"
KILLS = int(os.environ.get("FLEET_KILLS", "50" if SOAK else "3"))
CYCLES = int(os.environ.get("FLEET_CYCLES", "1000" if SOAK else "100"))
BROWSERS = 20 if SOAK else 4
SETTLED = 10.0


def chromium_of(server) -> list[processes.Process]:
    return [each for each in processes.descendants(server.pid) if each.is_chromium()]


def folders_of(server) -> set[str]:
    """Every folder that a browser could have left in what the server may write."""
    return {str(path) for root in (server.data, server.temporary) if root.exists()
            for path in root.rglob("*") if path.is_dir()}


def files_of(server) -> int:
    return sum(1 for root in (server.data, server.temporary) if root.exists()
               for path in root.rglob("*"))


# 19


@pytest.mark.parametrize("headful", [False, True], ids=["headless", "headful"])
def test_chromium_listens_on_no_port(start_server, site, headful):
    server = start_server(WARM_BROWSERS="2")
    made = server.fleet.create(headful=headful)
    with connected(made["wss"]) as connection:
        _, session = open_page(connection)
        visit(connection, session, site.url + "/")
        found = chromium_of(server)
        assert len(found) >= 6, "too few processes to have looked at Chromium"
        assert processes.listening_sockets(found) == []
        arguments = [word for each in found for word in each.command]
        assert not any("remote-debugging-port" in word for word in arguments)


def test_the_probe_for_ports_finds_one():
    """The canary of the test above: a process that does listen is found."""
    listener = subprocess.Popen(
        ["python3", "-c", "import socket,sys; s=socket.create_server(('127.0.0.1', 0));"
         "print('up', flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert listener.stdout.readline() == "up\n"
        found = processes.listening_sockets([processes.read(listener.pid)])
        assert len(found) == 1
    finally:
        listener.kill()
        listener.wait(5)


# 24


def stop_some_renderers(found: list[processes.Process]) -> int:
    renderers = [each for each in found if each.has_type("renderer")][:3]
    for each in renderers:
        os.kill(each.pid, signal.SIGSTOP)
    return len(renderers)


@pytest.mark.timeout(60 + 20 * KILLS)
def test_a_killed_server_leaves_no_browser_and_no_profile(start_server):
    bystander = subprocess.Popen(["sleep", "300"])
    server = start_server(WARM_BROWSERS="0", MAX_BROWSERS=str(BROWSERS + 2))
    at_rest = folders_of(server)
    try:
        for number in range(KILLS):
            fill(server, BROWSERS)
            ours = processes.descendants(server.pid)
            ours = list(set(ours) | set(processes.sharing_namespaces(ours)))
            assert stop_some_renderers(ours) == 3
            if number % 2 == 1:
                begin_launch(server)
            server.kill()
            eventually(lambda ours=ours: not survivors(ours), 2.0, f"round {number}: nobody is left")
            server.start()
            eventually(lambda: folders_of(server) <= at_rest, 5, "the profiles are gone")
        assert bystander.poll() is None, "a process that is not ours was ended"
    finally:
        bystander.kill()
        bystander.wait(5)


def fill(server, count: int) -> None:
    for _ in range(count):
        server.fleet.create()


def begin_launch(server) -> None:
    """Leaves a launch half way: the next kill comes in the middle of it."""
    with pytest.raises(requests.Timeout):
        server.fleet.post("/browsers", {}, timeout=0.03)


def survivors(ours: list[processes.Process]) -> list[int]:
    alive = [each for each in ours if each.is_alive()]
    return sorted({each.pid for each in alive + processes.sharing_namespaces(alive)})


# 25


@dataclass(frozen=True)
class Holdings:
    """What a server and its browsers hold of the machine."""

    processes: int
    threads: int
    descriptors: int
    files: int
    namespaces: int


def holdings(server) -> Holdings:
    below = processes.descendants(server.pid)
    return Holdings(
        processes=len(below),
        threads=processes.read(server.pid).threads,
        descriptors=processes.descriptors(server.pid),
        files=files_of(server),
        namespaces=len({each.namespace("net") for each in below}))


def grown(before: Holdings, now: Holdings) -> dict[str, int]:
    return {name: getattr(now, name) - getattr(before, name) for name in vars(before)
            if getattr(now, name) > getattr(before, name)}


def one_cycle(server, crash: bool) -> float:
    """Creates a browser, perhaps crashes it, deletes it; the seconds that the create took."""
    before = {each.pid for each in chromium_of(server)} if crash else set()
    begin = time.monotonic()
    made = server.fleet.create()
    took = time.monotonic() - begin
    if crash:
        for each in chromium_of(server):
            if each.pid not in before:
                kill_quietly(each.pid)
    assert server.fleet.delete(made["id"]).status_code == 200
    return took


def kill_quietly(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def slope(samples: list[tuple[int, int]]) -> float:
    """The least squares slope, KiB a cycle."""
    count = len(samples)
    middle_x = sum(x for x, _ in samples) / count
    middle_y = sum(y for _, y in samples) / count
    above = sum((x - middle_x) * (y - middle_y) for x, y in samples)
    return above / sum((x - middle_x) ** 2 for x, _ in samples)


def p99(seconds: list[float]) -> float:
    """The 99th percentile, in milliseconds."""
    return 1000 * sorted(seconds)[int(len(seconds) * 0.99) - 1]


@pytest.mark.timeout(240 + 2 * CYCLES)
def test_cycles_with_crashes_leave_nothing_behind(start_server, capsys):
    server = start_server(WARM_BROWSERS="0", MAX_BROWSERS="4")
    for number in range(20):
        one_cycle(server, crash=number % 10 == 9)
    eventually(lambda: not chromium_of(server), SETTLED, "no browser is left")
    before, samples, creates = holdings(server), [], []
    for number in range(CYCLES):
        creates.append(one_cycle(server, crash=number % 10 == 5))
        samples.append((number, processes.resident_kib(server.pid)))
    try:
        eventually(lambda: not grown(before, holdings(server)), SETTLED,
                   f"everything is back to {before}")
    except AssertionError as error:
        raise AssertionError(f"grown by {grown(before, holdings(server))}") from error
    with capsys.disabled():
        print(f"\n{CYCLES} cycles: {slope(samples):.1f} KiB a cycle, "
              f"{samples[0][1]} KiB at first, {samples[-1][1]} KiB at last, "
              f"create p99 {p99(creates[:100]):.0f} ms at first, {p99(creates):.0f} ms in all, {before}")
    if CYCLES >= 1000:
        assert slope(samples) <= 5
        assert p99(creates) <= 1.5 * p99(creates[:100])
    else:
        # So few cycles are mostly the allocator growing to its size; a leak shows all the same.
        assert slope(samples) <= 100
