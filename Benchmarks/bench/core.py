# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Runs CoreBenchmarks: decisions alone, in one thread, in processor time."""

import json
import subprocess

from .figures import Row

LIMIT = 120
TARGETS = {
    "id decode": 200.0,
    "id decode and resolve": 300.0,
    "pool grant": 2000.0,
    "place among 100, least-loaded": 2000.0,
    "place among 10000, least-loaded": 50_000.0,
}
NO_ALLOCATION = {"id decode"}


def run(program: str) -> list[Row]:
    """A row for each measurement, and one for the blocks it allocates."""
    done = subprocess.run([program], capture_output=True, text=True, timeout=LIMIT, check=True)
    rows = []
    for measured in map(json.loads, done.stdout.splitlines()):
        name = measured["name"]
        rows.append(Row("core", name, measured["nanoseconds"], "ns", TARGETS.get(name)))
        target = 0.01 if name in NO_ALLOCATION else None
        rows.append(Row("core", f"{name}: allocations", measured["allocations"], "", target))
    return rows
