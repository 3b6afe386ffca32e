# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 15: a public WebSocket conformance suite finds nothing on our frames.

CDP is no echo, which the suite needs; so our handler serves one out of the Swift test bundle.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.server import REPOSITORY
from harness.waiting import eventually

BUNDLE = REPOSITORY / ".build" / "debug" / "BrowserFleetPackageTests.xctest"
CASES = 301
GOOD = {"OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED"}


@pytest.fixture
def echo(tmp_path):
    """The address of an echo on our WebSockets."""
    assert BUNDLE.exists(), "build it with 'swift build --build-tests'"
    port = tmp_path / "port"
    with (tmp_path / "echo.log").open("wb") as log:
        process = subprocess.Popen(
            [BUNDLE, "--testing-library", "swift-testing", "--filter", "EchoServerTests"],
            env=os.environ | {"FLEET_ECHO": str(port)}, stdout=log, stderr=log)
    try:
        eventually(port.exists, 20, "the echo listens")
        yield f"127.0.0.1:{port.read_text()}"
    finally:
        process.kill()
        process.wait(5)


def test_no_case_of_the_suite_fails(echo, tmp_path):
    run = subprocess.run(
        [Path(sys.executable).with_name("kosoku"), "--outdir", str(tmp_path / "report"),
         "--parallelism", "4", f"ws://{echo}/"],
        cwd=tmp_path, capture_output=True, text=True, timeout=80, check=False)
    index = json.loads((tmp_path / "report" / "index.json").read_text())
    cases = {name: case for agent in index.values() for name, case in agent.items()}
    bad = {name: case["behavior"] for name, case in cases.items()
           if case["behavior"] not in GOOD}
    assert not bad, bad
    # Compression, which the rest of the suite is about, is not spoken here.
    spoken = [name for name, case in cases.items() if case["behavior"] != "UNIMPLEMENTED"]
    assert len(spoken) == CASES, run.stdout[-2000:] + run.stderr[-2000:]
