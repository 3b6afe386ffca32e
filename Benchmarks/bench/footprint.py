# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What the server itself costs while nothing happens."""

import resource
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from harness import processes
from harness.server import Server

from .figures import Row, percentile
from .node import Caller, settle, timed

GROUP = "server"
CONNECTIONS, BROWSERS, SECONDS = 1000, 20, 10.0
HEALTH_CALLS = 500
UPGRADE = ("GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")


def connect(url: str) -> socket.socket:
    """A WebSocket on which nothing is ever said."""
    parts = urlsplit(url)
    handle = socket.create_connection((parts.hostname, parts.port), timeout=10)
    handle.sendall(UPGRADE.format(path=f"{parts.path}?{parts.query}", host=parts.netloc).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = handle.recv(4096)
        assert part, f"refused: {answer!r}"
        answer += part
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return handle


def processor_time(pid: int) -> float:
    """Seconds of processor time of all threads, from the scheduler's own count."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        return processes.seconds_of_processor([pid])


def _rest() -> list[Row]:
    server = Server(WARM_BROWSERS="2", MAX_BROWSERS="8").start()
    try:
        settle(server, 2)
        return [Row(GROUP, "memory at rest (RSS, two warm browsers)",
                    processes.resident_kib(server.pid) / 1024, "MiB", 60.0)]
    finally:
        server.stop()
        server.remove()


def _connections(server: Server, urls: list[str]) -> list[Row]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Whatever grows once for all connections grows here.
    for handle in [connect(urls[number % len(urls)]) for number in range(40)]:
        handle.close()
    settle(server, BROWSERS)
    before = processes.resident_kib(server.pid)
    handles = [connect(urls[number % len(urls)]) for number in range(CONNECTIONS)]
    settle(server, BROWSERS)
    each = (processes.resident_kib(server.pid) - before) / CONNECTIONS
    caller = Caller(server.fleet)
    times = [timed(lambda: caller.call("GET", "/health"))[0] for _ in range(HEALTH_CALLS)]
    for handle in handles:
        handle.close()
    return [Row(GROUP, f"memory of an idle connection ({CONNECTIONS} of them)", each, "KiB", 64.0),
            Row(GROUP, "GET /health meanwhile: p99", percentile(times, 0.99), "ms", 5.0)]


def _idle(server: Server, urls: list[str]) -> Row:
    handles = [connect(url) for url in urls]
    settle(server, BROWSERS)
    before = processor_time(server.pid)
    time.sleep(SECONDS)
    used = (processor_time(server.pid) - before) / SECONDS * 100
    for handle in handles:
        handle.close()
    return Row(GROUP, f"processor with {BROWSERS} idle browsers connected", used, "% of a core", 1.0)


def run() -> list[Row]:
    """All rows of the footprint."""
    rows = _rest()
    server = Server(WARM_BROWSERS="0", MAX_BROWSERS=str(BROWSERS), IDLE_TIMEOUT="10m",
                    MAX_CONNECTIONS_PER_IP="2000", MAX_CPU_PERCENT="100").start()
    try:
        urls = [server.fleet.create()["wss"] for _ in range(BROWSERS)]
        rows += _connections(server, urls[:4])
        rows.append(_idle(server, urls))
        return rows
    finally:
        server.stop()
        server.remove()
