# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What a gateway adds to its node, beside HAProxy and nginx in front of the same node.

Rounds are interleaved; what is added is the difference to the node alone in the same round.
Processor time is that of the process in the middle only.
"""

import os
import resource
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness import processes
from harness.server import Server

from . import peers
from .creates import GROUP, SECRET, load
from .echo import Echo
from .figures import Row, median, ratio
from .footprint import connect, processor_time
from .node import settle
from .wire import Wire, interleaved

NODE = "node1.bench.test"
ONE_AT_A_TIME, HTTP_SECONDS = 3000, 2.0
LARGE_BYTES, LARGE_COUNT = 1 << 20, 40
ECHO_COUNT = 300
ECHO_PATH = "/browsers/node1-bench-test_3b241101-e2bb-4255-8caf-4136c566a962"
TUNNELS = int(os.environ.get("BENCH_TUNNELS", "5000"))
SHARED = {"INTERNAL_API_KEY": SECRET, "WARM_BROWSERS": "0",
          "MAX_CONNECTIONS": "20000", "MAX_CONNECTIONS_PER_IP": "20000", "IDLE_TIMEOUT": "30m",
          "MAX_CPU_PERCENT": "100"}


@dataclass
class Way:
    """One way to the node: its port, and the processes in the middle."""

    name: str
    port: int
    pids: list[int]

    def url(self, direct: str) -> str:
        """The address of the same socket by this way."""
        parts = urlsplit(direct)
        return parts._replace(netloc=f"127.0.0.1:{self.port}").geturl()

    def processor(self) -> float:
        """Seconds of processor time in the middle so far."""
        return sum(processor_time(pid) for pid in self.pids)


def _round_trips(wires: dict[str, Wire]) -> list[Row]:
    command = f"latency browser {ONE_AT_A_TIME}"
    p50 = interleaved(wires, lambda wire: wire.ask(command)["p50us"])
    added = {name: [through - alone for through, alone in zip(times, p50["node"], strict=True)]
             for name, times in p50.items() if name != "node"}
    rows = [Row(GROUP, f"round trip added by {name}: p50", median(times), "us")
            for name, times in added.items()]
    return [*rows, Row(GROUP, "round trip added, BrowserFleet / HAProxy",
                       median(added["BrowserFleet"]) / median(added["HAProxy"]), "x", 1.2)]


def _throughput(what: str, wires: dict[str, Wire], command: str) -> list[Row]:
    rates = interleaved(wires, lambda wire: wire.ask(command)["megabytesPerSecond"])
    rows = [Row(GROUP, f"{what}, {name}", median(rate), "MB/s") for name, rate in rates.items()]
    share = ratio(rates["BrowserFleet"], rates["HAProxy"])
    return [*rows, Row(GROUP, f"{what}, BrowserFleet / HAProxy", share, "x", 0.8,
                       at_most=False)]


def _large(wires: dict[str, Wire]) -> list[Row]:
    return _throughput("1 MiB results", wires, f"large {LARGE_BYTES} {LARGE_COUNT}")


def _echo(program: str, ways: list[Way]) -> list[Row]:
    """A real echo behind each, in place of the node."""
    with ExitStack() as stack:
        wires = {}
        for way in ways:
            wires[way.name] = Wire(program, f"ws://127.0.0.1:{way.port}{ECHO_PATH}",
                                   lambda way=way: way.pids)
            stack.callback(wires[way.name].stop)
        return _throughput("echo of 1 MiB messages", wires, f"echo {LARGE_BYTES} {ECHO_COUNT}")


def _http(program: str, ways: list[Way], path: str) -> list[Row]:
    def each(way: Way) -> float:
        before = way.processor()
        answered = load(program, way.port, 0, HTTP_SECONDS, path)["count"]
        return (way.processor() - before) / answered * 1e6

    used = interleaved({way.name: way for way in ways}, each)
    rows = [Row(GROUP, f"CPU of a proxied HTTP request, {name}", median(times), "us")
            for name, times in used.items()]
    return [*rows, Row(GROUP, "CPU of a proxied HTTP request, BrowserFleet / HAProxy",
                       ratio(used["BrowserFleet"], used["HAProxy"]), "x", 4.0)]


def _tunnels(way: Way, direct: str) -> Row:
    url, pid = way.url(direct), way.pids[0]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Whatever grows once for all tunnels grows here.
    for handle in [connect(url) for _ in range(40)]:
        handle.close()
    before = processes.resident_kib(pid)
    handles = [connect(url) for _ in range(TUNNELS)]
    each = (processes.resident_kib(pid) - before) / TUNNELS
    for handle in handles:
        handle.close()
    return Row(GROUP, f"memory of a tunnel ({TUNNELS} of them)", each, "KiB", 40.0)


def run(program: str, http: str) -> list[Row]:
    """All rows of the gateway."""
    with ExitStack() as stack:
        def started(**settings: str) -> Server:
            server = Server(**SHARED, **settings)
            stack.callback(server.remove)
            stack.callback(server.stop)
            return server.start()

        def in_front_of(port: int) -> list[Way]:
            gateway = started(ROLE="gateway", SERVERS=f"{NODE}=http://127.0.0.1:{port}")
            haproxy, nginx = peers.Proxy(port), peers.Nginx(port)
            stack.callback(haproxy.stop)
            stack.callback(nginx.stop)
            return [Way("HAProxy", haproxy.port, haproxy.pids),
                    Way("nginx", nginx.port, nginx.pids),
                    Way("BrowserFleet", gateway.port, [gateway.pid])]

        echo = Echo()
        stack.callback(echo.stop)
        rows = _echo(program, in_front_of(echo.port))
        node = started(DOMAIN=NODE, MAX_BROWSERS="1", ROLE="node")
        ways = in_front_of(node.port)
        made = node.fleet.create()
        settle(node, 1)
        direct = made["wss"]
        wires = {"node": Wire(program, direct, lambda: [node.pid])}
        for way in ways:
            wires[way.name] = Wire(program, way.url(direct), lambda way=way: way.pids)
        for wire in wires.values():
            stack.callback(wire.stop)
        rows += _round_trips(wires) + _large(wires)
        rows += _http(http, ways, f"/browsers/{made['id']}")
        return [*rows, _tunnels(ways[-1], direct)]
