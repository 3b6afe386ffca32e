# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A private Redis that can be killed and started again with its data."""

import os
import shutil
import signal
import subprocess
import tempfile

from .server import REPOSITORY, free_port
from .waiting import eventually

START_LIMIT = 20.0


class Redis:
    """One Redis, on 127.0.0.1 or on a host of a made-up network."""

    def __init__(self, *wrapper: str, address: str = "127.0.0.1"):
        self.wrapper = wrapper
        self.address = address
        self.folder = tempfile.mkdtemp(prefix="fleet-redis-")
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """What `STORE` says of it."""
        return f"redis://{self.address}:{self.port}"

    def start(self) -> None:
        """Starts it and returns when it answers."""
        self.process = subprocess.Popen(
            [*self.wrapper, REPOSITORY / "Scripts" / "engine.sh", "redis", self.folder,
             str(self.port), "0", "--bind", self.address, "--protected-mode", "no"],
            start_new_session=True)
        eventually(lambda: self.ask("PING") == "PONG", START_LIMIT, "Redis answers")

    def kill(self) -> None:
        """Ends it as the kernel would."""
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(5)

    def remove(self) -> None:
        """Ends it, and its data goes."""
        self.kill()
        shutil.rmtree(self.folder)

    def ask(self, *words: str) -> str:
        """What it answers to a command."""
        return subprocess.run(
            ["redis-cli", "-h", self.address, "-p", str(self.port), *words], capture_output=True,
            text=True, check=False).stdout.strip()
