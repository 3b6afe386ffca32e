# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The ways a server ends or gets into trouble, and what is left: nothing, or a clear word."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from harness import processes
from harness.cdp import connected, open_page
from harness.rest import problem
from harness.server import Server
from harness.waiting import eventually

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can limit and mount")


def all_below(server) -> list[processes.Process]:
    below = processes.descendants(server.pid)
    return list(set(below) | set(processes.sharing_namespaces(below)))


def nobody_is_left(ours) -> bool:
    return not any(each.is_alive() for each in ours)


def test_sigterm_gives_leases_their_time_and_leaves_nothing(start_server):
    server = start_server(DRAIN_TIMEOUT="2s", WARM_BROWSERS="1", MAX_BROWSERS="3")
    made = server.fleet.create()
    ours = all_below(server)
    begin = time.monotonic()
    os.kill(server.pid, signal.SIGTERM)
    eventually(lambda: server.fleet.get("/health").status_code == 503, 1, "it drains")
    assert server.fleet.get(f"/browsers/{made['id']}").status_code == 200
    assert server.process.wait(10) == 0
    assert 1.5 < time.monotonic() - begin < 2 + 3
    assert nobody_is_left(ours)


def test_sigint_twice_is_in_a_hurry(start_server):
    server = start_server(DRAIN_TIMEOUT="60s", WARM_BROWSERS="1", MAX_BROWSERS="3")
    server.fleet.create()
    ours = all_below(server)
    os.kill(server.pid, signal.SIGINT)
    eventually(lambda: server.fleet.get("/health").status_code == 503, 1, "it drains")
    os.kill(server.pid, signal.SIGINT)
    assert server.process.wait(5) == 0
    assert nobody_is_left(ours)


def test_a_log_that_nobody_reads_keeps_no_signal_from_being_heard(start_server_with_log):
    server = start_server_with_log(DRAIN_TIMEOUT="60s", WARM_BROWSERS="1", MAX_BROWSERS="3")
    server.fleet.create()
    ours = all_below(server)
    fill(server.log)
    os.kill(server.pid, signal.SIGTERM)
    eventually(lambda: server.fleet.get("/health").status_code == 503, 1, "it drains")
    os.kill(server.pid, signal.SIGTERM)
    # The end of the stop, where it would say that it has stopped, is 5 s after the second signal.
    server.process.wait(5 + 3)
    eventually(lambda: nobody_is_left(ours), 2, "its browsers end with it")


@pytest.fixture
def start_server_with_log():
    """Starts a server whose log is a pipe that the test has open and does not read."""
    server, reader = None, -1

    def start(**settings) -> Server:
        nonlocal server, reader
        server = Server(**settings)
        os.mkfifo(server.log)
        reader = os.open(server.log, os.O_RDONLY | os.O_NONBLOCK)
        return server.start()

    yield start
    server.kill()
    os.close(reader)
    server.remove()


def fill(pipe: Path) -> None:
    """Writes to a named pipe until nothing more fits."""
    writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x")
    os.close(writer)


@needs_root
def test_a_server_that_the_kernel_kills_for_memory_leaves_nothing(memory_group, start_server):
    server = start_server(WARM_BROWSERS="2", MAX_BROWSERS="3")
    server.fleet.create()
    ours = all_below(server)
    # The server alone: its browsers must not be what the kernel takes. In version 1 what it has
    # already is not counted, what it takes from now on is.
    memory_group.take(server.pid)
    memory_group.limit(64 << 10)
    eventually(lambda: _asks_for_memory(server), 20, "the kernel has killed it")
    assert server.process.returncode == -signal.SIGKILL
    eventually(lambda: nobody_is_left(ours), 2, "nobody is left")
    server.start()
    made = server.fleet.create()
    server.fleet.delete(made["id"])


def _asks_for_memory(server) -> bool:
    """Makes the server need some; true once it has ended."""
    try:
        server.fleet.post("/browsers", {"metadata": {"a": "x" * 4000}}, timeout=1)
    except OSError:
        pass  # it has just died, or hangs on memory it does not get
    if server.process.poll() is None:
        return False
    server._was_killed = True
    return True


@needs_root
def test_when_memory_is_out_the_kernel_takes_a_browser_and_not_the_server(
        memory_group, start_server):
    memory_group.limit(700 << 20)
    server = start_server(*memory_group.wrapper, WARM_BROWSERS="0", MAX_BROWSERS="2",
                          BROWSER_MEMORY_LIMIT="8GiB")
    victim = server.fleet.create()
    with connected(victim["wss"]) as connection:
        _, session = open_page(connection)
        connection.send("Runtime.evaluate", {"expression":
            "const kept = []; for (;;) kept.push(new Uint8Array(1 << 24).fill(1));"}, session)
        eventually(lambda: _has_lost_a_process(server, victim), 30, "the kernel has acted")
    assert server.fleet.get("/health").status_code == 200
    server.fleet.delete(victim["id"])
    # The one that comes after finds room again.
    again = server.fleet.create()
    server.fleet.delete(again["id"])
    eventually(lambda: not processes.descendants(server.pid), 10, "no browser is left")


def _has_lost_a_process(server, made) -> bool:
    if server.fleet.has_ended(made["id"]):
        return True
    renderers = [each for each in processes.descendants(server.pid) if each.has_type("renderer")]
    return len(renderers) < 2


@pytest.fixture
def start_on_small_disk(start_server):
    """Starts a server with `DATA_DIR` on a disk of its own of 8 MiB, in a mount namespace."""
    folder = Path(tempfile.mkdtemp(prefix="fleet-disk-"))
    folder.chmod(0o755)

    def start(**settings):
        server = start_server(
            "unshare", "--mount", "sh", "-c",
            'mount -t tmpfs -o size=8m,nr_inodes=256,mode=755 none "$0" && exec "$@"', str(folder),
            DATA_DIR=str(folder), WARM_BROWSERS="0", **settings)
        server.data = folder
        return server

    yield start
    folder.rmdir()


def fill_disk(server) -> Path:
    """Takes all the room there is where the server writes, for bytes and for names; the folder."""
    folder = Path(f"/proc/{server.pid}/root{server.data}/filler")
    folder.mkdir()
    with pytest.raises(OSError), (folder / "bytes").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)
    with pytest.raises(OSError):
        for number in range(10_000):
            (folder / str(number)).touch()
    return folder


@needs_root
def test_a_full_disk_stops_no_jailed_browser(start_on_small_disk):
    server = start_on_small_disk()
    fill_disk(server)
    made = server.fleet.create()
    assert server.fleet.delete(made["id"]).status_code == 200
    assert server.stop() == 0


@needs_root
def test_a_full_disk_is_told_where_profiles_are_on_it_and_heals(start_on_small_disk):
    server = start_on_small_disk(ISOLATION="container")
    filler = fill_disk(server)
    refused = problem(server.fleet.post("/browsers", {"queueTimeoutMs": 5000}), (429, 503, 500))
    assert server.fleet.get("/health/live").status_code == 204
    assert "There is no room" in refused["detail"] and "DATA_DIR" in refused["detail"], refused
    eventually(lambda: not processes.descendants(server.pid), 5, "no process is left")
    shutil.rmtree(filler)
    made = eventually(lambda: created(server), 40, "it heals")
    assert server.fleet.delete(made["id"]).status_code == 200


def created(server) -> dict | None:
    answer = server.fleet.post("/browsers", {})
    return answer.json() if answer.status_code == 201 else None
