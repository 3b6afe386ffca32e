# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A copy of this machine's files that tests may write to, for containers and for systemd."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# Where `harness` is.
sys.path.append(str(REPOSITORY / "Tests" / "Clients"))


@pytest.fixture(scope="session")
def deploy() -> Path:
    """The folder under test."""
    return REPOSITORY / "Deploy"


@pytest.fixture(scope="session")
def program() -> Path:
    """The `fleetctl` under test."""
    return Path(os.environ["FLEETCTL"]).resolve()


@pytest.fixture
def machine():
    """The root of a system like this one: what is written to it is forgotten.

    An overlay in memory on the real files. It is mounted in the namespace that `run.sh` makes,
    so that nothing is left on the machine whatever happens to the test.
    """
    if os.geteuid() != 0:
        pytest.skip("needs root: containers and systemd are started as their daemons start them")
    place = Path(tempfile.mkdtemp(prefix="fleet-deploy-"))
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", place)
    for name in ("upper", "work", "root"):
        (place / name).mkdir()
    layers = f"lowerdir=/,upperdir={place / 'upper'},workdir={place / 'work'}"
    mount("-t", "overlay", "-o", layers, "overlay", place / "root")
    yield place / "root"
    subprocess.run(["umount", place / "root", place], check=True, timeout=30)
    place.rmdir()


def mount(*words) -> None:
    """Mounts something for the tests only."""
    subprocess.run(["mount", *words], check=True, timeout=30)
