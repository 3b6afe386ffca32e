# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Creates over three servers through a gateway, with browsers that are nothing.

The gateway is the real one, and the servers are the real pool, HTTP API, reports and audit store
(`Sources/FakeNode` of the package). A client (`Sources/HTTPBenchmark`) creates and deletes over kept
connections, so each create has its delete beside it. All share this machine's processors.
"""

import json
import os
import resource
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

from harness.rest import Fleet
from harness.server import KEY, Server, free_port
from harness.waiting import eventually

from .figures import Row
from .footprint import processor_time

GROUP = "gateway"
SECRET = "bench-internal-key-0123456789abcdef"
CONNECTIONS, WARM_UP, SECONDS, ALONE_SECONDS = 64, 3, 10, 3
SERVERS, SLOTS, WARM = 3, 1000, 100
STOP_LIMIT = 5


def load(program: str, port: int, warm_up: float, seconds: float, *path: str,
         connections: int = CONNECTIONS) -> dict:
    """Gets `path`, or creates and deletes, over kept connections; what came of it."""
    ran = subprocess.run(
        [program, str(port), KEY, str(connections), str(warm_up), str(seconds), *path],
        stdout=subprocess.PIPE, text=True, check=True, timeout=warm_up + seconds + 60)
    answer = json.loads(ran.stdout)
    assert answer["refused"] < answer["count"] / 100, f"refused too often: {answer}"
    return answer


class FakeNode:
    """A server of the fleet whose browsers are nothing."""

    def __init__(self, program: str, number: int, folder: Path):
        self.name, self.port = f"node{number}.bench.test", free_port()
        self._log = (folder / f"{self.name}.log").open("wb")
        self._process = subprocess.Popen(
            [program, self.name, str(self.port), str(SLOTS), str(WARM),
             str(folder / f"{self.name}.sqlite")],
            env={"PATH": os.environ["PATH"], "API_KEY": KEY, "INTERNAL_API_KEY": SECRET},
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def entry(self) -> str:
        """What `SERVERS` says of it."""
        return f"{self.name}=http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait(STOP_LIMIT)
        self._log.close()


def _measure(program: str, port: int, pids: dict[str, list[int]]) -> tuple[dict, dict[str, float]]:
    """The load's figures, and microseconds of processor time for a create and its delete."""
    def used() -> dict[str, float]:
        client = resource.getrusage(resource.RUSAGE_CHILDREN)
        times = {who: sum(map(processor_time, them)) for who, them in pids.items()}
        return times | {"client": client.ru_utime + client.ru_stime}

    before = used()
    answer = load(program, port, WARM_UP, SECONDS)
    # The warm-up works as much a second as what is counted.
    pairs = answer["count"] * (WARM_UP + SECONDS) / SECONDS
    return answer, {who: (after - before[who]) / pairs * 1e6 for who, after in used().items()}


def _all_active(fleet: Fleet) -> bool:
    servers = fleet.get("/servers").json()["servers"]
    return len(servers) == SERVERS and all(each["status"] == "active" for each in servers)


def run(client: str, node: str) -> list[Row]:
    """All rows of creates."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fleet-bench-")))
        nodes = [FakeNode(node, number + 1, folder) for number in range(SERVERS)]
        for each in nodes:
            stack.callback(each.stop)
        gateway = Server(
            ROLE="gateway", SERVERS=",".join(each.entry for each in nodes),
            INTERNAL_API_KEY=SECRET)
        stack.callback(gateway.remove)
        stack.callback(gateway.stop)
        gateway.start()
        eventually(lambda: _all_active(gateway.fleet), 20, "all servers are active")
        through, costs = _measure(
            client, gateway.port,
            {"the gateway": [gateway.pid], "the servers": [each.pid for each in nodes]})
        straight = load(client, nodes[0].port, WARM_UP, SECONDS)
        one = load(client, gateway.port, 1, ALONE_SECONDS, connections=1)
        one_straight = load(client, nodes[0].port, 1, ALONE_SECONDS, connections=1)
    return [
        Row(GROUP, f"creates over {SERVERS} servers", through["perSecond"], "/s", 2000.0,
            at_most=False),
        Row(GROUP, f"create over {SERVERS} servers, {CONNECTIONS} at once: p50", through["p50ms"], "ms"),
        Row(GROUP, f"create over {SERVERS} servers, {CONNECTIONS} at once: p99", through["p99ms"], "ms"),
        Row(GROUP, f"create over {SERVERS} servers, one at a time: p50", one["p50ms"], "ms"),
        Row(GROUP, f"create over {SERVERS} servers, one at a time: p99", one["p99ms"], "ms"),
        *(Row(GROUP, f"CPU of a create and its delete, {who}", cost, "us")
          for who, cost in costs.items()),
        Row(GROUP, "creates straight at one of them", straight["perSecond"], "/s"),
        Row(GROUP, "create straight at one of them, one at a time: p50", one_straight["p50ms"], "ms"),
    ]
