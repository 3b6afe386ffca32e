# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 21: no packet reaches a metadata service or a private host, whatever a tenant tries.

The server runs on a host whose whole internet is made up (`harness.world`), so a packet that left
it would be counted. Each probe has a port of its own. Every probe that can get through a proxy at
all is then made against a server whose list allows those hosts, and must be counted there.
"""

import contextlib
import os
import socket
import subprocess
import time

import pytest
import requests

from harness import fakes
from harness.cdp import ProtocolError, connected, evaluate, open_page, visit
from harness.reach import PROBES, TRUSTED, Probe, attempt_all
from harness.rest import problem
from harness.server import Server
from harness.world import HOST, METADATA, PRIVATE, Doors, World

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="making network namespaces with fake hosts needs root")
TRUSTED_PLACE = (TRUSTED.split(":")[0], int(TRUSTED.split(":")[1]))
ALLOWED = [*PRIVATE, "127.0.0.1", "[::1]", "0.0.0.0", HOST, *(p.rule for p in PROBES if p.rule)]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The made-up internet; this thread lives in it until the end of the module."""
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.leave()


@pytest.fixture(scope="module")
def doors(world):
    """Services of the host itself."""
    opened = Doors([probe.port for probe in PROBES if probe.is_local])
    yield opened
    opened.close()


def serving(world, **settings):
    """A server that asks the made-up name server."""
    server = Server(*world.wrapper, **settings)
    try:
        yield server.start().fleet
        assert server.stop() == 0, server.log_end()
    finally:
        server.kill()
        server.remove()


@pytest.fixture(scope="module")
def closed(world):
    """A server whose list has one page of the host and nothing else."""
    fakes.serve(*TRUSTED_PLACE, is_private=False)
    yield from serving(world, EGRESS_ALLOW=TRUSTED)


@pytest.fixture(scope="module")
def open_to_all(world):
    """A server whose list has every host that the probes aim at."""
    yield from serving(world, EGRESS_ALLOW=",".join(ALLOWED))


def strangers(world) -> dict:
    """Packets to anything but the public site, the name server and the neighbour's discovery."""
    return {key: count for key, count in world.packets().items()
            if not key[0].startswith(("93.184.216.", "2606:2800:220:", "ff02:", "fe80:"))}


@pytest.fixture(scope="module")
def leaks(world, doors, closed):
    """What came of all probes, tried against the server that should let none through."""
    before = strangers(world)
    assert not before and not doors.visits, "something else on this host makes noise"
    attempt_all(closed, PROBES)
    return {"packets": strangers(world), "doors": set(doors.visits)}


@pytest.fixture(scope="module")
def arrivals(leaks, world, doors, open_to_all):
    """The ports at which something came, tried against the server that allows it."""
    attempt_all(open_to_all, [probe for probe in PROBES if probe.arrives])
    return {port for _, port, _ in strangers(world)} | doors.visits


@pytest.mark.timeout(180)
@pytest.mark.parametrize("probe", PROBES, ids=str)
def test_nothing_private_is_reached(leaks, probe: Probe):
    assert probe.port not in {port for _, port, _ in leaks["packets"]} | leaks["doors"]


def test_not_one_packet_left_for_a_private_host(leaks):
    assert leaks["packets"] == {}
    assert leaks["doors"] == set()
    assert len(PROBES) >= 40


@pytest.mark.timeout(180)
@pytest.mark.parametrize("probe", [each for each in PROBES if each.arrives], ids=str)
def test_the_same_probe_arrives_where_the_list_allows_it(arrivals, probe: Probe):
    assert probe.port in arrivals, "the probe proves nothing: it never leaves the browser"


def test_the_capture_counts_what_no_proxy_carries(world):
    """The control for WebRTC, QUIC and the like, which have no way out at all."""
    for host, family in ((METADATA, socket.AF_INET), ("fd00::1", socket.AF_INET6)):
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"probe", (host, 3478))
        assert (host, 3478, "udp") in world.packets()


def test_a_page_reads_a_private_host_only_where_the_list_allows_it(closed, open_to_all):
    for fleet, expected in ((open_to_all, True), (closed, False)):
        made = fleet.create()
        with connected(made["wss"]) as connection:
            _, session = open_page(connection)
            with contextlib.suppress(AssertionError):
                visit(connection, session, f"http://{METADATA}/latest/meta-data/")
            text = evaluate(connection, session, "document.body?.innerText ?? ''")
        fleet.delete(made["id"])
        assert ("canary of a private host" in text) is expected


@pytest.mark.parametrize("settings", [
    {"proxyServer": "direct://"}, {"proxyServer": f"http://{METADATA}:20999"},
    {"proxyServer": f"socks5://{METADATA}:20999"},
    {"proxyServer": "http://127.0.0.1:3128", "proxyBypassList": "<-loopback>,*"},
], ids=str)
def test_a_context_has_no_proxy_of_its_own(closed, world, settings):
    made = closed.create()
    with connected(made["wss"]) as connection:
        with pytest.raises(ProtocolError, match="proxy"):
            connection.call("Target.createBrowserContext", settings)
    closed.delete(made["id"])
    assert strangers(world).get((METADATA, 20999, "tcp")) is None


@pytest.mark.parametrize("switch", [
    "--proxy-server=direct://", f"--proxy-server={METADATA}:20999", "--no-proxy-server",
    f"--proxy-pac-url=http://{METADATA}:20999/proxy.pac", "--proxy-auto-detect",
    "--proxy-bypass-list=*", "--host-resolver-rules=MAP * 10.0.0.1", "--host-rules=MAP * 10.0.0.1",
    "--force-webrtc-ip-handling-policy=default", "--origin-to-force-quic-on=public.example:443",
    "--dns-over-https-templates=https://10.0.0.1/dns",
], ids=lambda switch: switch.split("=")[0])
def test_no_switch_changes_the_way_out(closed, switch):
    answer = closed.post("/browsers", {"args": [switch]})
    assert "args" in problem(answer, (400, 422))["detail"]


@pytest.mark.parametrize("call", ["screenshot", "pdf", "content"])
def test_rendering_calls_reach_nothing_private_either(closed, world, call):
    made = closed.create()
    answer = closed.get(f"/browsers/{made['id']}/{call}", params={
        "url": f"http://{METADATA}:20998/"})
    closed.delete(made["id"])
    assert b"canary" not in answer.content
    assert (METADATA, 20998, "tcp") not in strangers(world)


def test_an_address_that_the_host_gets_later_is_its_own_too(closed):
    later = "93.184.217.7"
    subprocess.run(["ip", "address", "add", f"{later}/32", "dev", "lo"], check=True)
    fakes.serve(later, 80, is_private=False)
    time.sleep(1)  # The server's list may be as old as that.
    made = closed.create()
    answer = closed.get(f"/browsers/{made['id']}/content", params={"url": f"http://{later}/"})
    closed.delete(made["id"])
    assert "<title>public" not in answer.text, answer.text
