# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Runs every benchmark, prints the table and writes the figures as JSON.

Usage: python -m bench --core PROGRAM --wire PROGRAM --http PROGRAM --fake-node PROGRAM --json FILE
           [--only core,node,wire,load,server,gateway]
The exit code is 0 when everything could be measured; a MISS is a figure, not a failure.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from . import core, creates, footprint, gateway, load, machine, node, wire
from .figures import table

GROUPS = ("core", "node", "wire", "load", "server", "gateway")


def arguments() -> argparse.Namespace:
    """What the caller asked for."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--core", required=True)
    parser.add_argument("--wire", required=True)
    parser.add_argument("--http", required=True)
    parser.add_argument("--fake-node", required=True)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--only", default=",".join(GROUPS))
    return parser.parse_args()


def main() -> None:
    """Measures group after group; nothing runs beside anything else."""
    wish = arguments()
    wanted = wish.only.split(",")
    assert set(wanted) <= set(GROUPS), f"groups are {', '.join(GROUPS)}"
    steps = {
        "core": [lambda: core.run(wish.core)],
        "node": [node.warm_rows, node.crowd_rows, node.cold_rows, node.life_rows],
        "wire": [lambda: wire.run(wish.wire)],
        "load": [lambda: load.run(wish.wire)],
        "server": [footprint.run],
        "gateway": [lambda: gateway.run(wish.wire, wish.http),
                    lambda: creates.run(wish.http, wish.fake_node)],
    }
    described, begin, rows = machine.line(), time.monotonic(), []
    for group in wanted:
        for step in steps[group]:
            print(f"measuring {group} ({time.monotonic() - begin:.0f} s)", file=sys.stderr)
            rows += step()
    print(table(rows))
    print(f"\n{described}; measured in {time.monotonic() - begin:.0f} s")
    missed = [row.name for row in rows if row.verdict == "MISS"]
    print(f"{sum(row.verdict == 'HIT' for row in rows)} targets hit, {len(missed)} missed")
    wish.json.parent.mkdir(parents=True, exist_ok=True)
    wish.json.write_text(json.dumps(
        {"machine": machine.describe(), "rows": [row.as_json() for row in rows]}, indent=1) + "\n")


main()
