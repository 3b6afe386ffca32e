# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 15: a public WebSocket conformance suite finds nothing on our frames, and the same through
a gateway.

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
# What a gateway knows to be another server's.
BROWSER = "/browsers/node1-test_3b241101-e2bb-4255-8caf-4136c566a962"
GOOD = {"OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED"}


@pytest.fixture
def echo(tmp_path):
    """The addresses of an echo on our WebSockets and of a gateway in front of it."""
    assert BUNDLE.exists(), "build it with 'swift build --build-tests'"
    ports = tmp_path / "ports"
    with (tmp_path / "echo.log").open("wb") as log:
        process = subprocess.Popen(
            [BUNDLE, "--testing-library", "swift-testing", "--filter", "EchoServerTests"],
            env=os.environ | {"FLEET_ECHO": str(ports)}, stdout=log, stderr=log)
    try:
        eventually(ports.exists, 20, "the echo listens")
        yield [f"127.0.0.1:{port}" for port in ports.read_text().split()]
    finally:
        process.kill()
        process.wait(5)


def verdicts(address, folder):
    """What the suite says of each case."""
    run = subprocess.run(
        [Path(sys.executable).with_name("kosoku"), "--outdir", str(folder),
         "--parallelism", "4", f"ws://{address}{BROWSER}"],
        cwd=folder.parent, capture_output=True, text=True, timeout=80, check=False)
    index = json.loads((folder / "index.json").read_text())
    cases = {name: (case["behavior"], case["behaviorClose"])
             for agent in index.values() for name, case in agent.items()}
    # Compression, which the rest of the suite is about, is not spoken here.
    spoken = [name for name, (behaviour, _) in cases.items() if behaviour != "UNIMPLEMENTED"]
    assert len(spoken) == CASES, run.stdout[-2000:] + run.stderr[-2000:]
    return cases


def test_no_case_of_the_suite_fails_and_a_gateway_changes_none(echo, tmp_path):
    direct, through = (verdicts(address, tmp_path / f"report-{number}")
                       for number, address in enumerate(echo))
    bad = {name: case for name, case in direct.items() if case[0] not in GOOD}
    assert not bad, bad
    changed = {name: (direct[name], through[name]) for name in direct
               if direct[name] != through[name]}
    assert not changed, changed
