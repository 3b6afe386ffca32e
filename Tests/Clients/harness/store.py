# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Private engines of stores that can be killed and started again with their data."""

import os
import shutil
import signal
import subprocess
import tempfile

from .server import REPOSITORY, free_port
from .waiting import eventually

START_LIMIT = 20.0


class Engine:
    """One engine, on 127.0.0.1 or on a host of a made-up network."""

    kind = ""
    # Ends it without any of its own last work, and whatever it has started with it.
    deadly = signal.SIGKILL

    def __init__(self, *wrapper: str, address: str = "127.0.0.1"):
        self.wrapper = wrapper
        self.address = address
        self.folder = tempfile.mkdtemp(prefix=f"fleet-{self.kind}-")
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """What `STORE` says of it."""
        raise NotImplementedError

    @property
    def more(self) -> list[str]:
        """What else `engine.sh` is told."""
        return []

    def answers(self) -> bool:
        """Whether it takes commands."""
        raise NotImplementedError

    def start(self) -> None:
        """Starts it and returns when it answers."""
        self.process = subprocess.Popen(
            [*self.wrapper, REPOSITORY / "Scripts" / "engine.sh", self.kind, self.folder,
             str(self.port), *self.more], start_new_session=True)
        eventually(self.answers, START_LIMIT, f"{self.kind} answers")

    def kill(self) -> None:
        """Ends it as a crash would."""
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, self.deadly)
            self.process.wait(5)

    def remove(self) -> None:
        """Ends it, and its data goes."""
        self.kill()
        shutil.rmtree(self.folder)


class Redis(Engine):
    """A Redis that syncs each write."""

    kind = "redis"

    @property
    def url(self) -> str:
        return f"redis://{self.address}:{self.port}"

    @property
    def more(self) -> list[str]:
        return ["0", "--bind", self.address, "--protected-mode", "no"]

    def answers(self) -> bool:
        return self.ask("PING") == "PONG"

    def ask(self, *words: str) -> str:
        """What it answers to a command."""
        return subprocess.run(
            ["redis-cli", "-h", self.address, "-p", str(self.port), *words], capture_output=True,
            text=True, check=False).stdout.strip()


class Postgres(Engine):
    """A PostgreSQL with one user and no password."""

    kind = "postgres"
    # Its processes end with it, and it must recover at its next start.
    deadly = signal.SIGQUIT

    @property
    def url(self) -> str:
        return f"postgres://fleet@{self.address}:{self.port}/postgres"

    def answers(self) -> bool:
        return subprocess.run(
            ["psql", "--no-psqlrc", "--command", "SELECT 1", self.url], capture_output=True,
            check=False).returncode == 0
