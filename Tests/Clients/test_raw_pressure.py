# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A page that eats memory or processor time costs its browser, not the server or others."""

import os
import threading
import time

import pytest

from harness import processes
from harness.cdp import connected, evaluate, open_page
from harness.rest import problem
from harness.waiting import eventually, stays

SETTINGS = {"BROWSER_MEMORY_LIMIT": "300MiB", "MAX_BROWSERS": "3", "WARM_BROWSERS": "0"}

# Without end and without a pause, as fast as the renderer can.
GREEDY = "(() => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 24).fill(1)); })()"
# The same in steps of 16 MiB, ten a second: the page stays responsive.
PATIENT = """(() => { window.kept = []; setInterval(() =>
    window.kept.push(new Uint8Array(1 << 24).fill(1)), 100); })()"""
SPINNING = "for (;;) ;"
SOON = 15.0


class Pulse:
    """Asks `/health` all the time and keeps how long each answer took."""

    def __init__(self, fleet):
        self._fleet, self._stopping, self.seconds = fleet.with_key(None), threading.Event(), []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self._stopping.wait(0.02):
            begin = time.monotonic()
            answer = self._fleet.get("/health", timeout=10)
            assert answer.status_code == 200
            self.seconds.append(time.monotonic() - begin)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stopping.set()
        self._thread.join(15)
        assert not self._thread.is_alive(), "an answer is still awaited"

    @property
    def worst(self) -> float:
        return max(self.seconds)


def start(connection, script: str) -> None:
    """Runs a script in a page of its own without waiting for its end."""
    _, session = open_page(connection)
    connection.send("Runtime.evaluate", {"expression": script}, session)


def works(wss: str) -> bool:
    with connected(wss) as connection:
        _, session = open_page(connection)
        return evaluate(connection, session, "6 * 7") == 42


@pytest.mark.parametrize("script", [GREEDY, PATIENT], ids=["greedy", "patient"])
def test_a_browser_over_its_memory_limit_ends_and_no_other(fleet, script):
    victim, neighbour = fleet.create(), fleet.create()
    with Pulse(fleet) as pulse, connected(victim["wss"]) as connection:
        start(connection, script)
        assert connection.closed(within=SOON) == (4004, "memory-limit")
    assert "memory-limit" in fleet.get(f"/browsers/{victim['id']}").text
    assert pulse.worst < 1, f"/health took {pulse.worst:.2f} s"
    assert works(neighbour["wss"])
    fleet.delete(neighbour["id"])


def test_pages_that_spin_leave_the_server_and_others_their_time(fleet):
    spinner, neighbour = fleet.create(), fleet.create()
    with connected(spinner["wss"]) as connection:
        for _ in range(4):
            start(connection, SPINNING)
        with Pulse(fleet) as pulse:
            stays(lambda: works(neighbour["wss"]), 2, "the neighbour works")
        assert len(pulse.seconds) >= 10
        assert sorted(pulse.seconds)[len(pulse.seconds) // 2] < 0.1
        assert pulse.worst < 1, f"/health took {pulse.worst:.2f} s"
    begin = time.monotonic()
    for each in (spinner, neighbour):
        assert fleet.delete(each["id"]).status_code == 200
    eventually(lambda: fleet.get("/health").json()["browsers"] == 0, 5, "both are gone")
    assert time.monotonic() - begin < 5


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can limit memory")
def test_a_container_short_of_memory_refuses_with_a_word_and_opens_again(
        memory_group, start_server):
    memory_group.limit(4 << 30)
    server = start_server(*memory_group.wrapper, MAX_MEMORY_PERCENT="30", WARM_BROWSERS="0")
    fleet = server.fleet
    assert fleet.delete(fleet.create()["id"]).status_code == 200
    eventually(lambda: not processes.descendants(server.pid), 5, "no browser is left")
    # Room enough for the server, but two thirds of it in use.
    memory_group.limit(memory_group.used * 3 // 2)
    eventually(lambda: fleet.get("/health/ready").status_code == 503, 30, "it refuses")
    assert "memory-pressure" in fleet.get("/health/ready").text
    answer = fleet.post("/browsers", {})
    assert problem(answer, 503)["code"] == "memory-pressure"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    memory_group.limit(4 << 30)
    eventually(lambda: fleet.get("/health/ready").status_code == 204, 30, "it is open again")
