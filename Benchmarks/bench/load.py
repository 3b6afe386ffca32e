# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What sessions notice of each other, of a reader that stops, and of the pool being refilled.

Every session makes one call (`Browser.getVersion`) every 20 ms, as a client at work does, so that
the machine is not simply full: 20 of them are 1,000 calls a second.
"""

import time
from contextlib import ExitStack

from harness.deaf import Deaf
from harness.server import Server

from .figures import Row, median, ratio
from .node import Caller, settle
from .wire import ROUNDS, Wire

GROUP = "sessions beside each other"
SESSIONS, CALLS, PACE = 20, 250, 20_000
RESULT = 4_000_000


def _paced(wires: list[Wire]) -> list[float]:
    """The 99th percentile of each session's round trips, all at once."""
    for wire in wires:
        wire.begin(f"paced browser {CALLS} {PACE}")
    return [wire.end()["p99us"] for wire in wires]


def _while(wire: Wire, work) -> float:
    """One session's 99th percentile while `work` is done over and over."""
    wire.begin(f"paced browser {CALLS} {PACE}")
    end = time.monotonic() + CALLS * PACE / 1e6
    while time.monotonic() < end:
        work()
    return wire.end()["p99us"]


def _refill(caller: Caller) -> None:
    caller.delete(caller.create())


def _flood(url: str) -> None:
    """A client asks for much and reads nothing for a second."""
    client = Deaf(url)
    target = client.call("Target.createTarget", {"url": "about:blank"})["targetId"]
    session = client.call("Target.attachToTarget", {"targetId": target, "flatten": True})
    for _ in range(16):
        client.send("Runtime.evaluate", {"expression": f"'x'.repeat({RESULT})"},
                    session["sessionId"])
    time.sleep(1)
    client.leave()


def run(program: str) -> list[Row]:
    """All rows of sessions beside each other."""
    with ExitStack() as stack:
        server = Server(WARM_BROWSERS="0", MAX_BROWSERS=str(SESSIONS + 4), IDLE_TIMEOUT="30m",
                        MAX_CPU_PERCENT="100")
        stack.callback(server.remove)
        stack.callback(server.stop)
        caller = Caller(server.start().fleet)
        wires = [Wire(program, caller.create()["wss"], list) for _ in range(SESSIONS)]
        for wire in wires:
            stack.callback(wire.stop)
        deaf = caller.create()["wss"]
        settle(server, SESSIONS + 1)
        alone, crowd, refilled, flooded = [], [], [], []
        for _ in range(ROUNDS):
            alone += _paced(wires[:1])
            crowd.append(median(_paced(wires)))
            refilled.append(_while(wires[0], lambda: _refill(caller)))
            flooded.append(_while(wires[0], lambda: _flood(deaf)))
            settle(server, SESSIONS + 1)
    return [
        Row(GROUP, "one session: p99", median(alone), "us"),
        Row(GROUP, f"{SESSIONS} sessions: p99", median(crowd), "us"),
        Row(GROUP, f"{SESSIONS} sessions / one: p99", ratio(crowd, alone), "x", 2.0),
        Row(GROUP, "one session, browsers starting and ending meanwhile: p99", median(refilled),
            "us"),
        Row(GROUP, "browsers starting and ending / quiet: p99", ratio(refilled, alone), "x"),
        Row(GROUP, "one session beside a reader that stops: p99", median(flooded), "us"),
        Row(GROUP, "a reader that stops / quiet: p99", ratio(flooded, alone), "x", 2.0),
    ]
