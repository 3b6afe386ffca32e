# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A whole fleet with its store: restarted one by one under load, and the disaster drill.

Four servers, Redis, a gateway that servers report to and one that asks them, each on a host of its
own. A rolling restart loses no create (invariant 18), nor does a server that dies. The drill loses
the store, then half of the servers, and comes back.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from harness import processes
from harness.fleet_rig import (AFTERWARDS, DRAIN, FleetRig, Member, own_session, status, through,
                               told)
from harness.namespaces import Switch
from harness.rest import refusal
from harness.store import Redis
from harness.waiting import eventually
from harness.witness import Asking, Attached, Creating

SOAK = bool(os.environ.get("FLEET_SOAK"))
SLACK = 1 if SOAK else 3
SERVERS = 4
CALLERS = 2
TURNS = 10 if SOAK else 1
OUT_MOST = 5.0 * SLACK
BACK_LIMIT = 10.0 * SLACK
pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for network namespaces"),
    pytest.mark.timeout(1800 if SOAK else 120),
]


@pytest.fixture(scope="module")
def switch():
    """The network."""
    made = Switch()
    yield made
    made.leave()


@pytest.fixture(scope="module")
def redis(switch):
    """The store, on a host of its own."""
    host = switch.host("store")
    running = Redis(*host.wrapper, address=host.address)
    running.start()
    yield running
    running.remove()


@pytest.fixture(scope="module")
def rig(switch, redis):
    """The fleet."""
    rig = FleetRig(switch, servers=SERVERS, asking=1, STORE=redis.url)
    try:
        yield rig.start()
    finally:
        rig.end()


def restart(server: Member, gateway: Member) -> float:
    """Restarts a server as an operator would; how long its stop took."""
    browser = server.fleet.create()
    with Attached(through(gateway, browser)) as client:
        eventually(lambda: client.trips, 10, "the client is at it")
        below = processes.descendants(server.pid)
        begun = time.monotonic()
        assert server.stop() == 0, server.log_end()
        took = time.monotonic() - begun
        eventually(lambda: client.end, 5, "the client is told")
    at, code, reason = client.end
    assert code == 1001 and reason, (code, reason)
    assert at - begun >= DRAIN * 0.9, f"closed {at - begun:.2f} s after SIGTERM"
    eventually(lambda: not any(each.is_alive() for each in below), 2, "nothing is left of it")
    server.start()
    return took


def test_a_rolling_restart_loses_no_create(rig):
    stops = []
    with ExitStack() as stack:
        callers = all_call(rig, stack)
        for server in rig.servers[:3] * TURNS:
            stops.append(restart(server, rig.gateways[0]))
            rig.await_active(server)
        all_go_on(callers)
    made = [server for each in callers for _, server in each.made]
    lost = [fault for each in callers for fault in each.lost]
    print(told("stops", stops), f"; {len(made)} creates, {len(lost)} lost, slowest "
          f"{max(each.slowest for each in callers):.2f} s", sep="")
    assert lost == []
    assert set(made) == {each.name for each in rig.servers}
    assert max(stops) <= DRAIN + AFTERWARDS


def test_creates_go_on_while_servers_die(rig):
    stopped, killed = rig.servers[:2]
    # Only one server in a minute is given up by one gateway: the one that answers nothing.
    rig.renew_gateways()
    with ExitStack() as stack:
        callers = all_call(rig, stack)
        stopped.pause()
        try:
            await_out(rig, stopped)
            all_go_on(callers)
            killed.kill()
            all_go_on(callers)
            killed.start()
        finally:
            stopped.resume()
        rig.await_active(stopped, killed)
        all_go_on(callers)
    lost = [fault for each in callers for fault in each.lost]
    print(f"{sum(len(each.made) for each in callers)} creates, {len(lost)} lost, slowest "
          f"{max(each.slowest for each in callers):.2f} s")
    assert lost == []


def test_a_gateway_that_stops_keeps_its_clients_for_its_grace(rig):
    gateway, other = rig.gateways[1], rig.gateways[0]
    browser = gateway.fleet.create()
    path = f"/browsers/{browser['id']}"
    with Attached(through(gateway, browser)) as client:
        eventually(lambda: client.trips, 10, "the client is at it")
        begun = time.monotonic()
        with ThreadPoolExecutor() as threads:
            stop = threads.submit(gateway.stop)
            # A balancer sends it nobody from now on.
            eventually(lambda: gateway.fleet.get("/health").status_code == 503, 1, "it says so")
            told_after = time.monotonic() - begun
            assert stop.result() == 0, gateway.log_end()
        took = time.monotonic() - begun
        eventually(lambda: client.end, 5, "the client is told")
    at, code, reason = client.end
    print(f"a balancer knows after {told_after:.2f} s, the client left after {at - begun:.2f} s with "
          f"{code} {reason}, gone after {took:.2f} s")
    assert (code, reason) == (1001, "server-stopping")
    assert at - begun >= DRAIN * 0.9 and took <= DRAIN + AFTERWARDS
    # Its browser is not its own.
    assert other.fleet.get(path).status_code == 200
    gateway.start()
    rig.await_active()
    assert gateway.fleet.delete(browser["id"]).status_code == 200


def test_the_disaster_drill(rig, redis):
    gateway, half, rest = rig.gateways[0], rig.servers[::2], rig.servers[1::2]
    browsers = {each.name: each.fleet.create() for each in rig.servers}
    spare = rest[0].fleet.create()
    with ExitStack() as stack:
        enter = stack.enter_context
        asking = [enter(Asking(gateway, browsers[each.name]["id"])) for each in rest]
        kept = [enter(Attached(through(gateway, browsers[each.name]))) for each in rest]
        gone = [enter(Attached(through(gateway, browsers[each.name]))) for each in half]
        eventually(lambda: all(each.trips for each in kept + gone), 10, "all are at it")

        redis.kill()
        for member in rig.members:
            eventually(lambda: word(member) == "store-unavailable", BACK_LIMIT, "the store is away")
            # What a balancer in front of gateways asks.
            assert member.fleet.get("/health").status_code == 200
        # Whose name is whose nobody can know now: a call for a browser waits for the store.
        # It is refused for that by all, not by one while another was only slow.
        none = f" {SERVERS} of {SERVERS} servers take none: store-unavailable."
        eventually(lambda: none in refusal(gateway.fleet), BACK_LIMIT, "why is said")
        waiting = enter(ThreadPoolExecutor()).submit(
            own_session(gateway).create, queueTimeoutMs=60_000)
        assert gateway.fleet.delete(spare["id"]).status_code == 200

        begun = time.monotonic()
        for server in half:
            server.kill()
        await_out(rig, *half)
        out = time.monotonic() - begun
        eventually(lambda: all(each.end for each in gone), OUT_MOST + 10, "their clients are told")
        assert {each.end[1] for each in gone} == {1001}, [each.end for each in gone]
        for server in half:
            answer = gateway.fleet.get(f"/browsers/{browsers[server.name]['id']}")
            assert answer.status_code in (410, 502), answer.text

        begun = time.monotonic()
        assert not waiting.done()
        redis.start()
        assert waiting.result(BACK_LIMIT)["server"] in names(rest)
        given = time.monotonic() - begun
        for server in half:
            server.start()
        rig.await_active(within=BACK_LIMIT)
        for member in rig.members:
            eventually(lambda: word(member) == "", BACK_LIMIT, f"{member.name} is ready")
        back = time.monotonic() - begun
    print(f"half was out of rotation after {out:.2f} s; with the store back, who waited had a "
          f"browser after {given:.2f} s, all was back after {back:.2f} s; "
          f"{sum(len(each.answers) for each in asking)} calls by ID and "
          f"{sum(len(each.trips) for each in kept)} round trips meanwhile")
    for each in asking:
        assert each.kinds == {(200, "")}, each.kinds
    assert [each.end for each in kept] == [None] * len(rest)
    # What happened while the store was away is in it, now that it is back.
    audit = f"/audit?action=browser.delete&subject={spare['id']}"
    eventually(lambda: gateway.fleet.get(audit).json()["entries"], BACK_LIMIT,
               "the audit of that time is there")
    # The returned ones have the most room.
    owners = {gateway.fleet.create()["server"] for _ in half}
    assert owners == set(names(half)), owners


def all_call(rig: FleetRig, stack: ExitStack) -> list[Creating]:
    """Callers at every gateway, each of whom has got browsers."""
    callers = [stack.enter_context(Creating(gateway))
               for gateway in rig.gateways for _ in range(CALLERS)]
    all_go_on(callers)
    return callers


def all_go_on(callers: list[Creating]) -> None:
    """Waits until each of the callers has got two more."""
    before = [len(each.made) for each in callers]
    eventually(lambda: all(len(each.made) > count + 1 for each, count in zip(callers, before)),
               40, "all callers get browsers")


def await_out(rig: FleetRig, *servers: Member) -> None:
    """Waits until no gateway gives creates to these."""
    eventually(lambda: all(status(gateway.fleet, each) not in ("active", "draining")
                           for gateway in rig.gateways for each in servers), OUT_MOST + 10,
               "they are out of rotation")


def word(member: Member) -> str:
    """Why a member is not ready, if it is not."""
    answer = member.fleet.get("/health/ready")
    return "" if answer.status_code == 204 else answer.json()["code"]


def names(servers: list[Member]) -> list[str]:
    """Their names."""
    return [each.name for each in servers]
