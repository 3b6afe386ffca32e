# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""DevTools over the wire: Chromium's own socket, HAProxy in front of it, and BrowserFleet.

The client, the calls and the Chromium switches are the same for all three. Rounds are interleaved
and ratios are taken round by round, so that what else the machine does touches all alike.
"""

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from harness import processes
from harness.server import Server

from . import peers
from .figures import Row, median, ratio

Measured = TypeVar("Measured")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
ONE_AT_A_TIME = 3000
IN_FLIGHT = 64
PIPELINED_SECONDS = 1.2
LARGE_BYTES, LARGE_COUNT = 4 * 1024 * 1024, 12
KINDS = {"browser": "Browser.getVersion", "page": "Runtime.evaluate in a page"}


class Wire:
    """A running WireBenchmark and the processes that serve it."""

    def __init__(self, program: str, url: str, pids):
        self.pids = pids
        self._process = subprocess.Popen([program, url], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        self._answer()

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        assert line, f"WireBenchmark ended with {self._process.wait(5)}"
        return json.loads(line)

    def ask(self, command: str) -> dict:
        """Runs a command; `cpuSeconds` is what the serving processes used meanwhile."""
        pids = self.pids()
        before = processes.seconds_of_processor(pids)
        self.begin(command)
        answer = self._answer()
        answer["cpuSeconds"] = processes.seconds_of_processor(pids) - before
        return answer

    def begin(self, command: str) -> None:
        """Gives a command without waiting for its answer, which `end` takes."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def end(self) -> dict:
        """The answer to the command that was begun."""
        return self._answer()

    def stop(self) -> None:
        """Leaves."""
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)


@dataclass
class Samples:
    """What the rounds gave for one peer and one kind of call."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def _round(wire: Wire, kind: str, samples: Samples, count: int) -> None:
    single = wire.ask(f"latency {kind} {ONE_AT_A_TIME}")
    samples.p50.append(single["p50us"])
    samples.p99.append(single["p99us"])
    many = wire.ask(f"pipeline {kind} {IN_FLIGHT} {count}")
    samples.rate.append(many["perSecond"])
    samples.cpu.append(many["cpuSeconds"] / many["count"] * 1e6)


def _measure_kind(wires: dict[str, Wire], kind: str) -> dict[str, Samples]:
    found = {name: Samples() for name in wires}
    trial = wires["direct"].ask(f"pipeline {kind} {IN_FLIGHT} 20000")
    count = max(10_000, int(trial["perSecond"] * PIPELINED_SECONDS))
    for wire in wires.values():  # one round that does not count: caches and buffers fill
        _round(wire, kind, Samples(), 10_000)
    for _ in range(ROUNDS):
        for name, wire in wires.items():
            _round(wire, kind, found[name], count)
    return found


def _kind_rows(kind: str, found: dict[str, Samples]) -> list[Row]:
    group, rows = f"CDP, {KINDS[kind]}", []
    for name, samples in found.items():
        rows += [Row(group, f"one at a time, {name}: p50", median(samples.p50), "us"),
                 Row(group, f"one at a time, {name}: p99", median(samples.p99), "us"),
                 Row(group, f"64 in flight, {name}", median(samples.rate), "msg/s"),
                 Row(group, f"64 in flight, {name}: CPU a message", median(samples.cpu), "us")]
    fleet, direct, haproxy = found["BrowserFleet"], found["direct"], found["HAProxy"]
    return rows + [
        Row(group, "one at a time, BrowserFleet / HAProxy", ratio(fleet.p50, haproxy.p50), "x", 1.0),
        Row(group, "one at a time, BrowserFleet / HAProxy: p99", ratio(fleet.p99, haproxy.p99), "x",
            1.0),
        Row(group, "one at a time, BrowserFleet / direct", ratio(fleet.p50, direct.p50), "x", 1.25),
        Row(group, "64 in flight, BrowserFleet / direct", ratio(fleet.rate, direct.rate), "x",
            1.05, at_most=False),
        Row(group, "CPU a message, BrowserFleet / direct", ratio(fleet.cpu, direct.cpu), "x", 0.85),
    ]


def interleaved(them: dict[str, Measured],
                measure: Callable[[Measured], float]) -> dict[str, list[float]]:
    """One figure of each in each round; the first does not count: caches and buffers fill."""
    found: dict[str, list[float]] = {name: [] for name in them}
    for number in range(ROUNDS + 1):
        for name, each in them.items():
            measured = measure(each)
            if number > 0:
                found[name].append(measured)
    return found


def _large_rows(wires: dict[str, Wire]) -> list[Row]:
    command = f"large {LARGE_BYTES} {LARGE_COUNT}"
    rates = interleaved(wires, lambda wire: wire.ask(command)["megabytesPerSecond"])
    group = "CDP, 4 MiB results"
    rows = [Row(group, name, median(rate), "MB/s") for name, rate in rates.items()]
    share = ratio(rates["BrowserFleet"], rates["direct"])
    return [*rows, Row(group, "BrowserFleet / direct", share, "x", 0.9, at_most=False)]


def _main_process(server: Server) -> processes.Process:
    mains = [each for each in processes.descendants(server.pid) if each.is_chromium()
             and not any("--type=" in word for word in each.command)]
    assert mains, "the server runs no browser"
    return mains[-1]


def run(program: str) -> list[Row]:
    """All rows of the wire."""
    with ExitStack() as stack:
        server = Server(WARM_BROWSERS="0", MAX_BROWSERS="1", IDLE_TIMEOUT="10m")
        stack.callback(server.remove)
        stack.callback(server.stop)
        made = server.start().fleet.create()
        chromium = peers.Chromium(peers.flags_of(_main_process(server).command))
        stack.callback(chromium.stop)
        proxy = peers.Proxy(chromium.port)
        stack.callback(proxy.stop)
        through = chromium.url.replace(f":{chromium.port}/", f":{proxy.port}/")
        wires = {
            "direct": Wire(program, chromium.url, lambda: chromium.pids),
            "HAProxy": Wire(program, through, lambda: [*chromium.pids, proxy.process.pid]),
            "BrowserFleet": Wire(program, made["wss"], lambda: [
                server.pid, *(each.pid for each in processes.descendants(server.pid))]),
        }
        for wire in wires.values():
            stack.callback(wire.stop)
        rows = []
        for kind in KINDS:
            rows += _kind_rows(kind, _measure_kind(wires, kind))
        return rows + _large_rows(wires)
