# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A real browser of a node, driven through a gateway that owns none.

With `FLEET_SOAK=1` a server is stopped too, and the reader that stops is sent a whole GiB.
"""

import base64
import os
import signal
import socket
import time
from urllib.parse import urlencode, urlsplit

import pytest

from harness.cdp import connected, evaluate, open_page, refusal, visit
from harness.server import KEY, Server
from harness.waiting import eventually
from test_raw_readers import COST_KIB, RESULT, RESULTS, Peak, closes, deaf_page, flood

NODE = "node1.fleet.test"
SHARED = {"INTERNAL_API_KEY": "fixture-internal-0123456789abcdef", "WARM_BROWSERS": "1",
          "MAX_BROWSERS": "4", "DISCONNECT_GRACE": "1s"}


class Pair:
    """A node and a gateway in front of it."""

    def __init__(self, start):
        self.node: Server = start(DOMAIN=NODE, ROLE="node", **SHARED)
        self.gateway: Server = start(
            ROLE="gateway", SERVERS=f"{NODE}=http://127.0.0.1:{self.node.port}", **SHARED)

    def through(self, url: str) -> str:
        """The same socket by way of the gateway."""
        return urlsplit(url)._replace(netloc=f"127.0.0.1:{self.gateway.port}").geturl()

    def create(self) -> tuple[str, str]:
        """A browser of the node: its ID, and its socket by way of the gateway."""
        made = self.node.fleet.create()
        return made["id"], self.through(made["wss"])


@pytest.fixture
def pair(start_server):
    """A node and its gateway."""
    return Pair(start_server)


def test_a_page_is_driven_through_a_gateway(pair, site):
    name, url = pair.create()
    with connected(url) as connection:
        _, session = open_page(connection)
        assert visit(connection, session, "data:text/html,<title>here</title>") == "here"
        picture = connection.call("Page.captureScreenshot", {"format": "png"}, session)
        assert base64.b64decode(picture["data"]).startswith(b"\x89PNG")
        big = connection.call(
            "Runtime.evaluate", {"expression": "'x'.repeat(3000000)"}, session)
        assert len(big["result"]["value"]) == 3_000_000
        answer = pair.gateway.fleet.delete(name)
        assert answer.status_code == 200
        assert connection.closed() == (4000, "deleted")
    assert pair.gateway.fleet.get(f"/browsers/{name}").status_code == 410


def test_a_client_that_knows_only_one_url_gets_a_browser_of_the_node(pair):
    query = urlencode({"metadata.mark": "connect", "token": KEY})
    with connected(f"{pair.gateway.fleet.socket_url}/connect?{query}") as connection:
        _, session = open_page(connection)
        assert evaluate(connection, session, "6 * 7") == 42
        made, = pair.node.fleet.get("/browsers").json()["browsers"]
        assert made["metadata"] == {"mark": "connect"}
        assert made["connections"] == 1
    assert refusal(f"{pair.gateway.fleet.socket_url}/connect?token=no-key")[0] == 401
    for server in (pair.gateway, pair.node):
        assert KEY not in server.log_end(1000)
    eventually(lambda: pair.gateway.fleet.has_ended(made["id"]), 10, "it ended with its client")


def test_a_client_that_does_not_wait_for_its_browser_leaves_none(pair):
    handshake = (f"GET /connect?token={KEY} HTTP/1.1\r\nHost: 127.0.0.1:{pair.gateway.port}\r\n"
                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode()
    for wait in (0, 0.01, 0.05, 0.1, 0.2, 0.4):
        with socket.create_connection(("127.0.0.1", pair.gateway.port), timeout=5) as client:
            client.sendall(handshake)
            time.sleep(wait)
    # A browser that nobody connects to would stay for two minutes.
    eventually(lambda: not pair.node.fleet.get("/browsers").json()["browsers"], 15,
               "no browser is left")


def test_clients_of_a_killed_server_hear_why(pair):
    _, url = pair.create()
    with connected(url) as connection:
        connection.call("Browser.getVersion")
        began = time.monotonic()
        pair.node.kill()
        code, reason = connection.closed(within=5)
        print(f"told after {time.monotonic() - began:.2f} s: {code} {reason}")
        assert code == 1001
        assert reason in ("owner-unreachable", "server-lost")


def test_clients_of_a_stopped_server_hear_why(pair):
    """The only server of a fleet is never given up; two of its pings are missed."""
    if os.environ.get("FLEET_SOAK") != "1":
        pytest.skip("50 seconds; FLEET_SOAK=1 runs it")
    _, url = pair.create()
    with connected(url) as connection:
        connection.call("Browser.getVersion")
        os.kill(pair.node.pid, signal.SIGSTOP)
        try:
            assert connection.closed(within=70) == (1001, "owner-unreachable")
        finally:
            os.kill(pair.node.pid, signal.SIGCONT)


def test_a_reader_that_stops_costs_little_in_node_and_gateway_together(pair):
    _, url = pair.create()
    before = closes(pair.node.fleet, 4005)
    warm, session = deaf_page(url)
    warm.call("Runtime.evaluate", {"expression": f"'x'.repeat({RESULT})"}, session)
    warm.leave()
    client, session = deaf_page(url)
    peaks = [Peak(pair.node.pid), Peak(pair.gateway.pid)]
    flood(client, session, RESULTS)
    eventually(lambda: closes(pair.node.fleet, 4005) == before + 1, 30, "the reader is closed")
    node, gateway = (peak.stop() for peak in peaks)
    assert client.closed(within=10) == (4005, "reader-too-slow")
    client.leave()
    print(f"node grown by {node} KiB, gateway by {gateway} KiB")
    assert node + gateway <= COST_KIB


def test_a_server_that_is_not_known_is_not_dialled(pair):
    name, _ = pair.create()
    foreign = name.replace("node1-", "node2-", 1)
    answer = pair.gateway.fleet.get(f"/browsers/{foreign}")
    assert answer.status_code == 421
    assert answer.json()["code"] == "owner-unknown"
    assert pair.gateway.fleet.with_key(None).get(f"/browsers/{name}").status_code == 401
    assert KEY not in pair.gateway.log_end(1000)
