# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Runs `fleetctl up`: a gateway and servers as processes of this machine."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .rest import Fleet
from .server import KEY, PASSED_ON, executable
from .waiting import eventually

START_LIMIT = 60.0
STOP_LIMIT = 30.0


class LocalFleet:
    """One `fleetctl up` with a folder of its own; `members` are the processes by server name."""

    def __init__(self, servers: int = 3, browsers: int = 1, **settings):
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-up-"))
        self.folder.chmod(0o755)
        self.output = self.folder / "stdout.log"
        self.log = self.folder / "stderr.log"
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        defaults = {
            "HOME": str(self.folder), "DATA_DIR": str(self.folder / "data"), "API_KEY": KEY,
            "WARM_BROWSERS": "1", "DRAIN_TIMEOUT": "2s", "NO_COLOR": "1",
            # The machine is busy with these very tests.
            "MAX_CPU_PERCENT": "100", "MAX_MEMORY_PERCENT": "100",
        }
        self.environment = kept | defaults | {name: str(value) for name, value in settings.items()}
        self.command = [executable(), "up", "--servers", str(servers), "--port", "0",
                        "--browsers", str(browsers)]
        self.process: subprocess.Popen | None = None
        self.members: dict[str, tuple[str, int]] = {}
        self.fleet = Fleet("http://127.0.0.1:0", KEY)

    def start(self) -> "LocalFleet":
        """Starts it and returns when it says that it answers."""
        with self.output.open("wb") as output, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=output, stderr=log, start_new_session=True)
        eventually(lambda: self._has_ended() or "Ctrl-C" in self.said, START_LIMIT, "it answers")
        assert not self._has_ended(), self.log.read_text(errors="replace")[-2000:]
        lines = re.findall(r"^  (\S+) +(http://\S+)  pid (\d+)$", self.said, re.MULTILINE)
        self.members = {name: (url, int(pid)) for name, url, pid in lines}
        self.fleet = Fleet(self.members["gateway.localhost"][0], KEY)
        return self

    @property
    def said(self) -> str:
        """What it printed."""
        return self.output.read_text(errors="replace")

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def server(self, name: str) -> Fleet:
        """One server, asked without the gateway."""
        return Fleet(self.members[name][0], KEY)

    def status(self, name: str) -> str:
        """What the gateway thinks of a server."""
        servers = self.fleet.get("/servers").json()["servers"]
        return next(each["status"] for each in servers if each["server"] == name)

    def kill(self, name: str) -> float:
        """Ends one server as the kernel would; the instant at which that was."""
        os.kill(self.members[name][1], signal.SIGKILL)
        return time.monotonic()

    def stop(self) -> int:
        """Ends it as Ctrl-C would, and returns its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"still there {STOP_LIMIT:g} s after SIGINT") from None

    def alive(self) -> list[str]:
        """The members whose processes are there."""
        return [name for name, (_, pid) in self.members.items()
                if Path(f"/proc/{pid}").exists()]

    def remove(self) -> None:
        """Removes its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
