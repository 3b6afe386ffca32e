# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 23: calls made up from `/openapi.json` meet no server error and no broken schema."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.server import KEY

SOAK = os.environ.get("FLEET_SOAK") == "1"
LEAST_CALLS = 2000 if SOAK else 100
LIMIT = 600 if SOAK else 40
SETTINGS = {"MAX_BROWSERS": "2", "QUEUE_TIMEOUT": "50ms", "SESSION_TIMEOUT": "3s",
            "CONNECT_TIMEOUT": "1s"}


@pytest.mark.timeout(LIMIT + 60)
def test_made_up_calls_break_nothing(fleet, tmp_path):
    run = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"),
         "--config-file", Path(__file__).with_name("schemathesis.toml"),
         "run", f"{fleet.url}/openapi.json", "--header", f"X-API-Key: {KEY}",
         "--max-examples", "40" if SOAK else "3", "--max-time", str(LIMIT),
         "--seed", os.environ.get("FLEET_SEED", "1"), "--request-timeout", "20", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT + 40, check=False)
    counts = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    said = run.stdout[:6000] + run.stdout[-3000:] + run.stderr[-2000:]
    assert run.returncode == 0 and counts, said
    assert int(counts[2]) >= LEAST_CALLS, counts[0]
    print(counts[0])
