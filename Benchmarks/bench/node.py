# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Creating browsers: warm, ten at once, cold, and a whole life with Playwright."""

import http.client
import json
import threading
import time
from collections.abc import Callable

from playwright.sync_api import sync_playwright

from harness import processes
from harness.rest import Fleet
from harness.server import Server
from harness.site import Site
from harness.waiting import eventually

from . import peers
from .figures import Row, median, percentile

WARM_CREATES, COLD_CREATES, LIVES, CROWDS, CROWD = 100, 15, 30, 6, 10
REFILL_LIMIT = 60.0
GROUP = "node"


class Caller:
    """One kept connection to the server; calls cost this process as little as Python can."""

    def __init__(self, fleet: Fleet):
        self._headers = fleet.headers | {"Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(fleet.url.removeprefix("http://"), timeout=60)
        self._connection.connect()

    def call(self, method: str, path: str, body: bytes | None = None) -> dict:
        """One call; anything but success fails."""
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status in (200, 201), f"{answer.status}: {text[:300]!r}"
        return json.loads(text)

    def create(self) -> dict:
        """Creates a browser."""
        return self.call("POST", "/browsers", b"{}")

    def delete(self, made: dict) -> None:
        """Deletes it."""
        self.call("DELETE", f"/browsers/{made['id']}")


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """How many milliseconds `work` took, and what it gave."""
    begin = time.perf_counter()
    result = work()
    return (time.perf_counter() - begin) * 1000, result


def settle(server: Server, browsers: int) -> None:
    """Waits until that many browsers run and neither they nor the server work any more."""
    def is_quiet() -> bool:
        below = processes.descendants(server.pid)
        mains = [each for each in below if each.is_chromium()
                 and not any("--type=" in word for word in each.command)]
        if len(mains) != browsers:
            return False
        pids = [server.pid, *(each.pid for each in below)]
        before = processes.seconds_of_processor(pids)
        time.sleep(0.06)
        return processes.seconds_of_processor(pids) - before < 0.02
    eventually(is_quiet, REFILL_LIMIT, f"{browsers} browsers are ready and quiet")


def _warm(server: Server) -> list[Row]:
    caller, times = Caller(server.fleet), []
    for _ in range(WARM_CREATES // 2):
        settle(server, 4)
        for _ in range(2):
            took, made = timed(caller.create)
            # A process that runs may not be counted as ready yet; such a create says so.
            if made["start"] == "warm":
                times.append(took)
            caller.delete(made)
    assert len(times) >= WARM_CREATES // 2, "too few of the browsers were warm"
    return [Row(GROUP, "create, warm: p50", median(times), "ms", 5.0),
            Row(GROUP, "create, warm: p99", percentile(times, 0.99), "ms", 25.0)]


def warm_rows() -> list[Row]:
    """One caller, warm browsers."""
    return _with_server(_warm, WARM_BROWSERS="4", MAX_BROWSERS="8")


def _crowd(server: Server) -> list[Row]:
    callers, times = [Caller(server.fleet) for _ in range(CROWD)], []
    for _ in range(CROWDS):
        settle(server, CROWD)
        start, made = threading.Barrier(CROWD), []

        def create(caller, start=start, made=made):
            start.wait()
            made.append((*timed(caller.create), caller))

        threads = [threading.Thread(target=create, args=(caller,)) for caller in callers]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert len(made) == CROWD
        times += [took for took, _, _ in made]
        for _, browser, caller in made:
            caller.delete(browser)
    return [Row(GROUP, "create, ten at once on ten warm: p50", median(times), "ms"),
            Row(GROUP, "create, ten at once on ten warm: p95", percentile(times, 0.95), "ms", 50.0)]


def crowd_rows() -> list[Row]:
    """Ten callers at once."""
    return _with_server(_crowd, WARM_BROWSERS="10", MAX_BROWSERS="12")


def _cold(server: Server) -> list[Row]:
    caller, times, launches, flags = Caller(server.fleet), [], [], []
    for number in range(COLD_CREATES + 2):
        settle(server, 0)
        took, made = timed(caller.create)
        assert made["start"] == "cold", made
        flags = flags or _flags(server)
        caller.delete(made)
        settle(server, 0)
        chromium = peers.Chromium(flags)
        if number >= 2:
            times.append(took)
            launches.append(chromium.seconds * 1000)
        chromium.stop()
    return [Row(GROUP, "create, cold: p50", median(times), "ms", 150.0),
            Row(GROUP, "Chromium alone, launched without jail or pool: p50", median(launches), "ms")]


def _flags(server: Server) -> list[str]:
    mains = [each.command for each in processes.descendants(server.pid) if each.is_chromium()
             and not any("--type=" in word for word in each.command)]
    return peers.flags_of(mains[0])


def cold_rows() -> list[Row]:
    """One caller, nothing warm; beside it the same Chromium launched alone."""
    return _with_server(_cold, WARM_BROWSERS="0", MAX_BROWSERS="2")


def life_rows() -> list[Row]:
    """Create, connect, open, load, read, delete; and the middle of it on a plain Chromium."""
    site = Site("bench")
    try:
        return _with_server(lambda server: _lives(server, site), WARM_BROWSERS="2",
                            MAX_BROWSERS="4", EGRESS_ALLOW=site.authority)
    finally:
        site.stop()


def _visit(chromium, url: str, site: Site):
    browser = chromium.connect_over_cdp(url)
    page = browser.new_page()
    page.goto(site.url)
    assert page.title() == "bench"
    return browser


def _lives(server: Server, site: Site) -> list[Row]:
    caller, lives, visits = Caller(server.fleet), [], []
    settle(server, 2)
    plain = peers.Chromium(_flags(server))

    def life(chromium):
        made = caller.create()
        browser = _visit(chromium, made["wss"], site)
        caller.delete(made)
        return browser

    try:
        with sync_playwright() as playwright:
            for number in range(LIVES + 2):
                settle(server, 2)
                took, browser = timed(lambda: life(playwright.chromium))
                browser.close()
                visit, other = timed(lambda: _visit(playwright.chromium, plain.url, site))
                other.close()
                if number >= 2:
                    lives.append(took)
                    visits.append(visit)
    finally:
        plain.stop()
    return [Row(GROUP, "create, Playwright, page, load, title, delete: p50", median(lives), "ms", 150.0),
            Row(GROUP, "create, Playwright, page, load, title, delete: p95",
                percentile(lives, 0.95), "ms"),
            Row(GROUP, "the same on a plain running Chromium, no create or delete: p50",
                median(visits), "ms")]


def _with_server(measure: Callable[[Server], list[Row]], **settings) -> list[Row]:
    server = Server(**settings)
    try:
        return measure(server.start())
    finally:
        server.stop()
        server.remove()
