# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Runs nginx and HAProxy with what `fleetctl` writes for them."""

import subprocess
import tempfile
from pathlib import Path

import requests

from .server import executable, free_port
from .waiting import eventually

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/fleet.conf;
}}
"""


class Balancer:
    """One balancer on a port of its own, in front of `servers` (name to URL)."""

    def __init__(self, program: str, servers: dict[str, str]):
        self.program = program
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-balancer-"))
        self.port = free_port()
        named = [word for name, url in servers.items() for word in ("--server", f"{name}={url}")]
        self.text = subprocess.run(
            [executable(), f"{program}-config", "--listen", f"127.0.0.1:{self.port}", *named],
            check=True, capture_output=True, text=True).stdout
        (self.folder / "fleet.conf").write_text(self.text)
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder))
        self.process: subprocess.Popen | None = None

    @property
    def command(self) -> list[str]:
        """The command that runs it in the foreground."""
        if self.program == "nginx":
            return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"),
                    "-e", str(self.folder / "error.log")]
        return ["haproxy", "-f", str(self.folder / "fleet.conf")]

    def check(self) -> subprocess.CompletedProcess:
        """Has the program itself read the configuration."""
        option = "-t" if self.program == "nginx" else "-c"
        return subprocess.run([*self.command, option], capture_output=True, text=True, check=False)

    def start(self) -> "Balancer":
        """Starts it and returns when it passes calls on."""
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        eventually(self._passes_on, 15, f"{self.program} passes calls on")
        return self

    def _passes_on(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.port}/health/ready"
            return requests.get(url, timeout=2).status_code == 204
        except requests.RequestException:
            return False

    def stop(self) -> None:
        """Ends it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
