# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What BrowserFleet is measured against: the same Chromium alone, and HAProxy and nginx in front."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from harness import processes
from harness.server import free_port
from harness.waiting import eventually

START_LIMIT = 15.0
DROPPED = ("--remote-debugging", "--user-data-dir", "--proxy-", "--disk-cache-dir", "--crash",
           "--no-sandbox", "--homedir")
SOCKET = re.compile(r"DevTools listening on (ws://127\.0\.0\.1:(\d+)(/\S+))")


def flags_of(command: list[str]) -> list[str]:
    """The switches of a running Chromium, without those that name its pipe, folders and relay."""
    return [word for word in command[1:]
            if word.startswith("--") and not word.startswith(DROPPED)]


class Chromium:
    """A plain Chromium with a debugging port, started with the switches it is given."""

    def __init__(self, flags: list[str]):
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-bench-"))
        self.sandbox = True
        self.seconds = 0.0
        if not self._start(flags):
            self.stop()
            self.folder.mkdir()
            self.sandbox = False
            if not self._start([*flags, "--no-sandbox"]):
                raise AssertionError("Chromium did not start")

    def _start(self, flags: list[str]) -> bool:
        account = {}
        if os.geteuid() == 0:  # Chromium keeps its sandbox only as an ordinary user
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [os.environ.get("CHROMIUM_PATH", "chromium-headless-shell"), *flags,
             "--remote-debugging-port=0", f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=self.folder, text=True, errors="replace", start_new_session=True,
            env={"HOME": str(self.folder), "PATH": os.environ["PATH"]}, **account)
        self._found, self._told = None, threading.Event()
        threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True).start()
        self._told.wait(START_LIMIT)
        self.seconds = time.monotonic() - begin
        if self._found is None:
            return False
        self.url, self.port = self._found.group(1), int(self._found.group(2))
        return True

    def _read(self, stream) -> None:
        for line in stream:
            self._found = self._found or SOCKET.search(line)
            if self._found:
                self._told.set()
        self._told.set()  # it has ended

    @property
    def pids(self) -> list[int]:
        """All its processes."""
        return [self.process.pid, *(each.pid for each in processes.descendants(self.process.pid))]

    def stop(self) -> None:
        """Ends it and removes its profile."""
        below = processes.descendants(self.process.pid)
        self.process.kill()
        for each in below:
            if each.is_alive():
                os.kill(each.pid, signal.SIGKILL)
        self.process.wait(5)
        eventually(lambda: not any(each.is_alive() for each in below), 5, "Chromium has gone")
        shutil.rmtree(self.folder, ignore_errors=True)


class _Balancer:
    """A load balancer in front of a port of 127.0.0.1."""

    PROGRAM = ""
    CONFIGURATION = ""

    def __init__(self, target: int):
        program = shutil.which(self.PROGRAM, path=os.environ["PATH"] + ":/usr/sbin")
        assert program, f"{self.PROGRAM} is missing: apt-get install {self.PROGRAM}"
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-bench-"))
        self.port = free_port()
        file = self.folder / "balancer.conf"
        file.write_text(self.CONFIGURATION.replace("FRONT", str(self.port))
                        .replace("BACK", str(target)).replace("FOLDER", str(self.folder)))
        self.process = subprocess.Popen(
            self._command(program, file),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._listens, 5, f"{self.PROGRAM} listens")

    def _command(self, program: str, file: Path) -> list[str]:
        raise NotImplementedError

    def _listens(self) -> bool:
        assert self.process.poll() is None, f"{self.PROGRAM} ended"
        return bool(processes.socket_inodes(self.process.pid)
                    & processes.listening_inodes(self.process.pid))

    @property
    def pids(self) -> list[int]:
        """All its processes."""
        return [self.process.pid, *(each.pid for each in processes.descendants(self.process.pid))]

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(5)
        shutil.rmtree(self.folder, ignore_errors=True)


class Proxy(_Balancer):
    """HAProxy."""

    PROGRAM = "haproxy"
    CONFIGURATION = """
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
frontend front
  bind 127.0.0.1:FRONT
  default_backend back
backend back
  server back 127.0.0.1:BACK
"""

    def _command(self, program: str, file: Path) -> list[str]:
        return [program, "-db", "-f", str(file)]


class Nginx(_Balancer):
    """nginx, with connections to the backend that are kept."""

    PROGRAM = "nginx"
    CONFIGURATION = """
worker_processes auto;
error_log FOLDER/error.log;
pid FOLDER/nginx.pid;
events { worker_connections 16384; }
http {
  access_log off;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi;
  scgi_temp_path FOLDER/scgi;
  map $http_upgrade $hop { default upgrade; "" ""; }
  upstream back { server 127.0.0.1:BACK; keepalive 64; }
  server {
    listen 127.0.0.1:FRONT;
    location / {
      proxy_pass http://back;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $hop;
      proxy_read_timeout 1h;
    }
  }
}
"""

    def _command(self, program: str, file: Path) -> list[str]:
        return [program, "-c", str(file), "-g", "daemon off;"]
