# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""nginx and HAProxy, configured by `fleetctl`, in front of real servers."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.balancer import Balancer
from harness.cdp import connected
from harness.rest import Fleet
from harness.server import KEY, Server
from harness.waiting import eventually

NAMES = ["server1.fleet.example", "server2.fleet.example"]


@pytest.fixture(scope="module")
def servers():
    """Two servers with one browser each, which let nobody wait for somebody else's."""
    started = [
        Server(DOMAIN=name, MAX_BROWSERS=1, WARM_BROWSERS=1, QUEUE_TIMEOUT=10,
               REQUEST_QUEUE_SIZE=0, TRUSTED_PROXIES="127.0.0.1")
        for name in NAMES
    ]
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(Server.start, started))
        yield started
    finally:
        for server in started:
            server.stop()
            server.remove()


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def balancer(request, servers):
    """A balancer in front of them."""
    urls = {name: server.fleet.url for name, server in zip(NAMES, servers)}
    running = Balancer(request.param, urls)
    read = running.check()
    assert read.returncode == 0, read.stderr
    yield running.start()
    running.stop()


@pytest.fixture
def fleet(balancer, servers):
    """The API through the balancer, when the browsers of the test before are gone."""
    eventually(
        lambda: all(each.fleet.get("/health").json()["available"] == 1 for each in servers),
        10, "both servers are free")
    return Fleet(f"http://127.0.0.1:{balancer.port}", KEY)


def owner(browser: dict) -> str:
    """The server that an ID names."""
    return browser["id"].split("_")[0].replace("-", ".")


def test_creates_are_balanced_and_a_full_server_is_passed_over(fleet):
    made = [fleet.create(), fleet.create()]
    try:
        assert sorted(owner(each) for each in made) == NAMES
        assert all(each["server"] == owner(each) for each in made)
        refused = fleet.post("/browsers", {})
        assert refused.status_code == 503
        assert refused.json()["code"] == "queue-full"
    finally:
        for each in made:
            fleet.delete(each["id"])


def test_every_later_call_finds_the_owner(fleet, balancer):
    made = [fleet.create(), fleet.create()]
    try:
        for each in made:
            for _ in range(4):
                shown = fleet.get(f"/browsers/{each['id']}")
                assert shown.status_code == 200 and shown.json()["id"] == each["id"]
            version = fleet.get(f"/browsers/{each['id']}/json/version").json()
            assert f"127.0.0.1:{balancer.port}" in version["webSocketDebuggerUrl"]
            assert each["wss"].startswith(f"ws://127.0.0.1:{balancer.port}/browsers/{each['id']}")
            with connected(each["wss"]) as client:
                assert "product" in client.call("Browser.getVersion")
    finally:
        gone = [fleet.delete(each["id"]) for each in made]
    assert [answer.json()["deleted"] for answer in gone] == [True, True]


def test_an_id_of_no_server_reaches_none(fleet):
    answer = fleet.get("/browsers/server9-fleet-example_abc")
    assert answer.status_code == 421
    assert answer.json()["code"] == "owner-unknown"
    assert answer.headers["Content-Type"] == "application/problem+json"
