# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Starts and ends `fleetctl serve` for a test; nothing of a server outlives its test."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import requests

from . import processes
from .rest import Fleet
from .waiting import eventually

REPOSITORY = Path(__file__).resolve().parents[3]
KEY = "fixture-key-0123456789abcdef0123456789abcdef"
START_LIMIT = 30.0
STOP_LIMIT = 20.0
# The last is the mark by which Scripts/test.sh finds what a step has left.
PASSED_ON = ("CHROMIUM_PATH", "ISOLATION", "PATH", "LANG", "LD_LIBRARY_PATH", "TEST_RUNS")


def executable() -> str:
    """The `fleetctl` under test: `FLEETCTL`, or the debug build."""
    return os.environ.get("FLEETCTL") or str(REPOSITORY / ".build" / "debug" / "fleetctl")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One `fleetctl serve` with a folder of its own for data, home and temporary files."""

    def __init__(self, *wrapper: str, **settings: str):
        # A program that runs the server, such as one that takes rights away.
        self.wrapper = wrapper
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-clients-"))
        # Browsers of a root server run as an ordinary user, who must get at what is theirs.
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.temporary.chmod(0o1777)
        self.log = self.folder / "server.log"
        self.settings = settings
        self.process: subprocess.Popen | None = None
        self.port = 0
        self._was_killed = False
        self._below: list[processes.Process] = []
        self.fleet = Fleet("http://127.0.0.1:0", KEY)

    @property
    def pid(self) -> int:
        """The process ID of the running server, below its wrapper if that stays."""
        assert self.process is not None, "the server was not started"
        if not self.wrapper:
            return self.process.pid
        found = [processes.read(self.process.pid), *processes.descendants(self.process.pid)]
        serving = {each.pid: each.parent for each in found
                   if each and each.command[:2] == [executable(), "serve"]}
        # A child bears the server's command between its fork and its own.
        return next((pid for pid, parent in serving.items() if parent not in serving),
                    self.process.pid)

    def environment(self, port: int) -> dict[str, str]:
        """The whole environment of the server: nothing of the caller's but what is listed."""
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        defaults = {
            "HOME": str(self.folder), "TMPDIR": str(self.temporary),
            "HOST": "127.0.0.1", "PORT": str(port), "DATA_DIR": str(self.data),
            "API_KEY": KEY, "DRAIN_TIMEOUT": "1s", "WARM_BROWSERS": "1", "MAX_BROWSERS": "8",
            # The machine is busy with these very tests.
            "MAX_CPU_PERCENT": "100", "MAX_MEMORY_PERCENT": "100",
        }
        return kept | defaults | {name: str(value) for name, value in self.settings.items()}

    def start(self) -> "Server":
        """Starts the server and returns when it says that it is ready."""
        port = self.port = int(self.settings.get("PORT") or free_port())
        host = self.settings.get("HOST", "127.0.0.1")
        self._was_killed = False
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, executable(), "serve"], env=self.environment(port), cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        certificate = self.settings.get("TLS_CA") or self.settings.get("TLS_CERT")
        scheme = "https" if certificate else "http"
        self.fleet = Fleet(f"{scheme}://{host}:{port}", KEY, certificate and str(certificate))
        self._await_ready()
        return self

    def _await_ready(self) -> None:
        try:
            eventually(self._is_ready, START_LIMIT, "the server is ready")
        except AssertionError as late:
            self.kill()
            raise AssertionError(f"{late}\n{self.log_end()}") from None

    def _is_ready(self) -> bool:
        if not self.is_running():
            raise AssertionError("the server ended at its start")
        try:
            return self.fleet.get("/health/ready", timeout=2).status_code == 204
        except requests.RequestException:
            return False

    def stop(self) -> int:
        """Ends the server as an operator would, and returns its exit code; 0 if `kill` did it."""
        if self.process is None or self._was_killed:
            return 0
        if self.process.poll() is None:
            self._below += processes.descendants(self.pid)
            os.kill(self.pid, signal.SIGTERM)
        try:
            return self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"still there {STOP_LIMIT:g} s after SIGTERM:\n{self.log_end()}") from None

    def kill(self) -> None:
        """Ends the server as the kernel would: at once, with no chance to clean up."""
        if self.process is not None and self.process.poll() is None:
            self._was_killed = True
            self._below += processes.descendants(self.process.pid)
            os.kill(self.pid, signal.SIGKILL)
            self.process.wait(5)

    def remove(self) -> None:
        """Removes the server's folder, and browsers it left behind; the server must have ended."""
        for each in self._below:
            if each.is_alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each.pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def log_end(self, lines: int = 40) -> str:
        """The last lines the server wrote."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
