# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The life of a server: what it tells systemd, how it drains, and how it fails to start.

Invariant 18 in its one-server form; `FLEET_SOAK=1` chooses 50 sessions instead of 6.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness import processes
from harness.server import Server, executable, free_port
from harness.waiting import eventually

SOAK = os.environ.get("FLEET_SOAK") == "1"
SESSIONS = 50 if SOAK else 6
GRACE = 10 if SOAK else 4
MARGIN = 5


def chromium_below(pid: int) -> list[processes.Process]:
    return [each for each in processes.descendants(pid) if each.is_chromium()]


def browser_folders(server: Server) -> set[str]:
    return {str(path) for root in (server.data, server.temporary) if root.exists()
            for path in root.rglob("*") if path.is_dir()}


class Creates:
    """Callers that ask for a browser 20 times a second, and what they were answered."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.answers: list[tuple[float, int]] = []
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(20)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.wait(0.05):
            self._pool.submit(self._ask)

    def _ask(self) -> None:
        began = time.monotonic()
        try:
            status = requests.post(
                self.fleet.url + "/browsers", headers=self.fleet.headers, timeout=30,
                json={"queueTimeoutMs": 100}).status_code
        except requests.RequestException:
            return
        self.answers.append((began, status))

    def end(self) -> None:
        """Asks nobody any more."""
        self._ended.set()
        self._thread.join()
        self._pool.shutdown()


@pytest.mark.timeout(180)
def test_a_drain_keeps_the_sessions_it_has_and_takes_no_more(start_server, capsys):
    server = start_server(
        MAX_BROWSERS=str(SESSIONS + 2), WARM_BROWSERS="1", DRAIN_TIMEOUT=f"{GRACE}s")
    at_rest = browser_folders(server)
    sockets = [connect(server.fleet.create()["wss"]) for _ in range(SESSIONS)]
    ours = processes.descendants(server.pid)
    creates = Creates(server.fleet)
    eventually(lambda: len(creates.answers) >= 5, 30, "creates are answered")
    told = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    eventually(lambda: server.fleet.get("/health/ready").status_code == 503, 1, "not ready")
    time.sleep(0.2)
    for each in sockets:
        each.send('{"id":1,"method":"Browser.getVersion"}')
        assert '"product"' in each.recv(timeout=5)
    assert server.fleet.get("/health/live").status_code == 204
    closes = [close_of(each) for each in sockets]
    code = server.process.wait(GRACE + MARGIN)
    took = time.monotonic() - told
    creates.end()
    with capsys.disabled():
        print(f"\n{SESSIONS} sessions, {len(creates.answers)} creates, "
              f"ended {took:.1f} s after SIGTERM with a grace of {GRACE} s")
    assert code == 0, server.log_end()
    assert took >= GRACE, "the sessions did not get their grace"
    assert set(closes) == {(1001, "drained")}
    late = {status for began, status in creates.answers if began > told + 0.2}
    assert late and 201 not in late, f"a create was accepted late: {late}"
    eventually(lambda: not [each for each in ours if each.is_alive()], 2, "no browser is left")
    assert browser_folders(server) <= at_rest


def close_of(client) -> tuple[int, str]:
    try:
        while True:
            client.recv(timeout=GRACE + MARGIN)
    except ConnectionClosed as closed:
        return closed.rcvd.code, closed.rcvd.reason


def test_a_second_signal_ends_the_leases_at_once(start_server):
    server = start_server(DRAIN_TIMEOUT="60s")
    client = connect(server.fleet.create()["wss"])
    server.process.send_signal(signal.SIGINT)
    eventually(lambda: server.fleet.get("/health/ready").status_code == 503, 1, "not ready")
    told = time.monotonic()
    server.process.send_signal(signal.SIGINT)
    assert close_of(client) == (1001, "server-stopping")
    assert server.process.wait(MARGIN) == 0, server.log_end()
    assert time.monotonic() - told < MARGIN


def test_a_client_that_hangs_does_not_keep_the_server(start_server):
    server = start_server(DRAIN_TIMEOUT="1s")
    with socket.create_connection(("127.0.0.1", server.port)) as half:
        half.sendall(b"POST /browsers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n"
                     + f"X-API-Key: {server.fleet.key}\r\n".encode()
                     + b"Content-Type: application/json\r\n\r\n{")
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(1 + MARGIN + 3) in (0, 1)
    assert chromium_below(server.pid) == []


def test_the_log_tells_how_a_server_lived(start_server):
    server = start_server()
    server.fleet.create()
    assert server.stop() == 0
    text = server.log.read_text()
    for word in ("serving", "chromiumAgeDays=", "sandbox=on", "draining", "browser ended",
                 "reason=drained", "stopped"):
        assert word in text, f"{word} is missing in\n{text}"


# systemd


class NotifySocket:
    """What systemd would hear."""

    def __init__(self, name: str):
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.lines: list[str] = []
        self._waiting: list[str] = []

    def await_line(self, begin: str, within: float = 10) -> str:
        """The next line with that beginning."""
        self._socket.settimeout(within)
        while True:
            if not self._waiting:
                self._waiting = self._socket.recv(4096).decode().split("\n")
            line = self._waiting.pop(0)
            self.lines.append(line)
            if line.startswith(begin):
                return line

    def close(self) -> None:
        """Hears nothing more."""
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def notify(request):
    """A socket in a folder, or in the abstract namespace."""
    folder = tempfile.mkdtemp(prefix="fleet-notify-")
    name = f"@fleet-notify-{os.getpid()}" if request.param == "abstract" else f"{folder}/socket"
    heard = NotifySocket(name)
    yield heard
    heard.close()
    shutil.rmtree(folder)


def test_systemd_hears_of_start_heartbeat_and_stop(start_server, notify):
    server = start_server(NOTIFY_SOCKET=notify.name, WATCHDOG_USEC="1000000")
    assert notify.await_line("READY=") == "READY=1"
    assert "leases" in notify.await_line("STATUS=")
    began = time.monotonic()
    for _ in range(3):
        notify.await_line("WATCHDOG=1", within=3)
    assert time.monotonic() - began < 3 * 3
    server.process.send_signal(signal.SIGTERM)
    assert notify.await_line("STOPPING=") == "STOPPING=1"
    notify.await_line("EXTEND_TIMEOUT_USEC=")
    assert server.process.wait(1 + MARGIN) == 0
    assert notify.lines.count("READY=1") == 1


# A start that fails is one clear line.


def failed_start(arguments: list[str], **settings: str) -> str:
    """Starts a server that cannot start, and returns the line that says why."""
    server = Server(**settings)
    try:
        done = subprocess.run(
            [*arguments, executable(), "serve"], env=server.environment(free_port()) | settings,
            cwd=server.folder, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1, f"{done.returncode}: {done.stderr}"
        errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        assert len(errors) == 1, done.stderr
        assert "Fatal" not in done.stderr and done.stdout == ""
        return errors[0]
    finally:
        server.remove()


def test_a_port_in_use_stops_the_start():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = failed_start([], PORT=port)
    assert f"127.0.0.1:{port} is in use" in line


def mounted(folder: Path, options: str, then: str) -> list[str]:
    """A command in a mount namespace of its own where `folder` is a small file system."""
    script = f'mount -t tmpfs -o {options} tmpfs {folder} && {then} exec "$@"'
    return ["unshare", "--mount", "--map-root-user", "--", "bash", "-c", script, "bash"]


@pytest.mark.parametrize("options, then, word", [
    ("size=64k", "{ head -c 1M /dev/zero > $f/full 2>/dev/null; true; } &&", "No space left"),
    ("ro", "", "Read-only file system"),
], ids=["full", "read-only"])
def test_a_data_folder_that_cannot_be_written_stops_the_start(options, then, word):
    folder = Path(tempfile.mkdtemp(prefix="fleet-data-"))
    try:
        line = failed_start(
            mounted(folder, options, then.replace("$f", str(folder))), DATA_DIR=str(folder))
    finally:
        shutil.rmtree(folder)
    assert word.lower() in line.lower() and str(folder) in line


def test_a_data_folder_that_cannot_be_made_stops_the_start():
    with tempfile.NamedTemporaryFile() as file:
        line = failed_start([], DATA_DIR=f"{file.name}/below")
    assert f"{file.name}/below of DATA_DIR cannot be made: Not a directory" in line


def test_a_missing_chromium_stops_the_start_and_says_what_to_do():
    line = failed_start([], CHROMIUM_PATH="/nowhere/chromium")
    assert "CHROMIUM_PATH" in line


# The shell


def test_bash_completes_the_flags_of_serve():
    script = subprocess.run([executable(), "--generate-completion-script", "bash"], text=True,
                            capture_output=True, check=True, timeout=10).stdout
    assert complete(script, "serve", "--log-f") == ["--log-format"]
    assert complete(script, "serve", "--log-format", "j") == ["json"]
    assert complete(script, "doctor", "--max-browse") == ["--max-browsers"]
    assert "browsers" in complete(script, "brow")


def complete(script: str, *words: str) -> list[str]:
    """What bash would offer behind these words."""
    program = executable()
    line = " ".join([program, *words])
    commands = f"""{script}
        COMP_WORDS=({line}); COMP_CWORD={len(words)}; COMP_LINE='{line}'; COMP_POINT={len(line)}
        _fleetctl {program} '{words[-1]}' '{([program] + list(words))[-2]}'
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", commands], text=True, capture_output=True, timeout=20,
                          check=True)
    return done.stdout.split()
