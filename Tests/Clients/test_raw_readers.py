# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Readers that stop, and memory that runs out: what it costs, and what clients are told.

With `FLEET_SOAK=1` the reader that stops is sent a whole GiB, and what others notice of it is
held to the promise exactly.
"""

import os
import threading
import time

from harness import processes
from harness.cdp import Connection, connected, open_page
from harness.deaf import Deaf
from harness.waiting import eventually

SETTINGS = {"MAX_BROWSERS": "4", "WARM_BROWSERS": "1", "BROWSER_MEMORY_LIMIT": "400M"}
SOAK = os.environ.get("FLEET_SOAK") == "1"
RESULT = 1_000_000
RESULTS = (1 << 30) // RESULT if SOAK else 48
# Half of it is the bound of a client's queue; messages on their way come on top.
COST_KIB = 16 << 10 if SOAK else 24 << 10
# Times of others: the promise, or what tells a delay from a stop on a machine full of tests.
FACTOR, FLOOR = (2, 0.001) if SOAK else (6, 0.1)


def deaf_page(url: str) -> tuple[Deaf, str]:
    """A client that reads nothing of its own accord, and a page's session."""
    client = Deaf(url)
    target = client.call("Target.createTarget", {"url": "about:blank"})["targetId"]
    session = client.call("Target.attachToTarget", {"targetId": target, "flatten": True})
    return client, session["sessionId"]


def flood(client: Deaf, session: str, count: int) -> None:
    for _ in range(count):
        client.send("Runtime.evaluate", {"expression": f"'x'.repeat({RESULT})"}, session)


def closes(fleet, code: int) -> float:
    """How many sockets the server closed with that code."""
    lines = fleet.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines
               if line.startswith("browserfleet_sockets_closed_total") and f'code="{code}"' in line)


def round_trips(connection: Connection, count: int) -> float:
    """The 99th percentile of so many round trips, in seconds."""
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        connection.call("Browser.getVersion")
        times.append(time.perf_counter() - begin)
    return sorted(times)[count * 99 // 100]


class Peak(threading.Thread):
    """The most memory that a process had since this began, in KiB above what it had then."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.first, self.most = pid, processes.resident_kib(pid), 0
        self._done = threading.Event()
        self.start()

    def run(self):
        while not self._done.wait(0.005):
            self.most = max(self.most, processes.resident_kib(self.pid) - self.first)

    def stop(self) -> int:
        self._done.set()
        self.join(5)
        return self.most


def test_a_reader_that_stops_costs_little_and_hears_why(server, fleet):
    made, other = fleet.create(), fleet.create()
    before = closes(fleet, 4005)
    with connected(other["wss"]) as neighbour:
        # Whatever grows once grows here.
        warm, session = deaf_page(made["wss"])
        warm.call("Runtime.evaluate", {"expression": f"'x'.repeat({RESULT})"}, session)
        warm.leave()
        quiet = round_trips(neighbour, 200)
        client, session = deaf_page(made["wss"])
        peak = Peak(server.pid)
        flood(client, session, RESULTS)
        meanwhile = round_trips(neighbour, 200)
        eventually(lambda: closes(fleet, 4005) == before + 1, 30, "the reader is closed")
        grown = peak.stop()
        assert client.closed(within=10) == (4005, "reader-too-slow")
        client.leave()
        print(f"grown by {grown} KiB; p99 {quiet * 1e6:.0f} us, meanwhile {meanwhile * 1e6:.0f} us")
        assert grown <= COST_KIB
        assert meanwhile <= max(FACTOR * quiet, FLOOR)
    for each in (made, other):
        fleet.delete(each["id"])


def test_a_browser_over_its_memory_closes_with_the_reason(fleet):
    made = fleet.create()
    connection = Connection(made["wss"])
    _, session = open_page(connection)
    connection.send("Runtime.evaluate", {"expression": """
        window.kept = []; setInterval(() => {
            if (kept.length < 60) kept.push(new Uint8Array(16 << 20).fill(1)); }, 10)"""}, session)
    code, reason = connection.closed(within=60)
    assert (code, reason) == (4004, "memory-limit")
    eventually(lambda: fleet.has_ended(made["id"]), 5, "the lease has ended")
    ended = fleet.get(f"/browsers/{made['id']}")
    assert ended.status_code == 410 and "memory-limit" in ended.text
