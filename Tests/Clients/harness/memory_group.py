# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A control group whose memory a test limits, in either version."""

import os
from pathlib import Path

import pytest

from .waiting import eventually

VERSION_1 = Path("/sys/fs/cgroup/memory")
VERSION_2 = Path("/sys/fs/cgroup")


class MemoryGroup:
    """A group of this test's; skips the test where none can be made."""

    def __init__(self):
        is_first = (VERSION_1 / "cgroup.procs").exists()
        self.folder = (VERSION_1 if is_first else VERSION_2) / f"browserfleet-test-{os.getpid()}"
        self._limit = self.folder / ("memory.limit_in_bytes" if is_first else "memory.max")
        self._used = self.folder / ("memory.usage_in_bytes" if is_first else "memory.current")
        try:
            self.folder.mkdir()
        except OSError as refusal:
            pytest.skip(f"no control group can be made here: {refusal}")
        if not self._limit.exists():
            self.folder.rmdir()
            pytest.skip("no memory controller can be had here")

    @property
    def wrapper(self) -> tuple[str, ...]:
        """What runs a program inside."""
        return ("sh", "-c", 'echo $$ >"$0" && exec "$@"', str(self.folder / "cgroup.procs"))

    @property
    def used(self) -> int:
        """Bytes that the group has and could not give back."""
        figures = dict(line.split() for line in
                       (self.folder / "memory.stat").read_text().splitlines())
        cache = figures.get("total_inactive_file") or figures["inactive_file"]
        return int(self._used.read_text()) - int(cache)

    def take(self, pid: int) -> None:
        """Moves a running process into the group, without its children."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def limit(self, size: int) -> None:
        """Bytes that the group may have from now on."""
        self._limit.write_text(str(size))

    def remove(self) -> None:
        """Removes it, as soon as its processes have ended."""
        eventually(self._is_removed, 10, "the group is gone")

    def _is_removed(self) -> bool:
        try:
            self.folder.rmdir()
        except OSError:
            return False
        return True
