# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""`ISOLATION=container`: no jail, so what a jail's end takes away has to be found and ended."""

import os
import signal

import pytest

from harness import processes
from harness.cdp import connected, open_page, visit
from harness.waiting import eventually

# What root has in a container: every right but the one to look into other users' processes.
AS_IN_A_CONTAINER = ("setpriv", "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace")
AS_PROCESS_1 = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give rights away")


def chromium_of(server) -> list[processes.Process]:
    return [each for each in processes.descendants(server.pid) if each.is_chromium()]


def folders_of(server) -> list[str]:
    """Browsers' folders and what belongs to them, without the launchers' locks."""
    found = (server.data / "browsers").glob("*/*")
    links = (each.name for each in os.scandir("/tmp") if each.is_symlink()
             and os.readlink(each.path).startswith(str(server.data)))
    return sorted([path.name for path in found if path.name != "lock"] + list(links))


def test_a_browser_loads_and_leaves_nothing(start_server, site):
    server = start_server(ISOLATION="container", WARM_BROWSERS="0")
    made = server.fleet.create()
    with connected(made["wss"]) as connection:
        _, session = open_page(connection)
        assert visit(connection, session, site.url + "/") == "allowed"
    assert server.fleet.get("/health").json()["sandbox"] is not None
    assert len(folders_of(server)) == 3, "folder, session and link"
    assert server.fleet.delete(made["id"]).status_code == 200
    eventually(lambda: not processes.descendants(server.pid), 5, "no process is left")
    eventually(lambda: not folders_of(server), 5, "no folder is left")


@needs_root
def test_a_killed_server_leaves_nothing_to_the_next_start(start_server):
    server = start_server(*AS_IN_A_CONTAINER, ISOLATION="container", WARM_BROWSERS="0")
    for _ in range(2):
        server.fleet.create()
    ours = processes.descendants(server.pid)
    stopped = [each for each in ours if each.has_type("renderer") or each.has_type("zygote")]
    for each in stopped:
        os.kill(each.pid, signal.SIGSTOP)
    server.kill()
    assert any(each.is_alive() for each in ours), "nothing was left for the sweep to find"
    server.start()
    eventually(lambda: not any(each.is_alive() for each in ours), 2, "nobody is left")
    eventually(lambda: not folders_of(server), 5, "no folder is left")


@needs_root
@pytest.mark.parametrize("isolation", ["container", "jail"])
def test_a_server_that_is_process_1_reaps_what_falls_to_it(start_server, isolation):
    server = start_server(*AS_PROCESS_1, ISOLATION=isolation, WARM_BROWSERS="0",
                          SWEEP_INTERVAL="1s")
    made = [server.fleet.create() for _ in range(2)]
    # One browser crashes, and in a jail bubblewrap as well, so that its orphans fall to process 1.
    mains = [each for each in processes.descendants(server.pid)
             if each.parent == server.pid or each.is_chromium() and not
             any("--type=" in word for word in each.command)]
    for each in mains[:2]:
        os.kill(each.pid, signal.SIGKILL)
    for each in made:
        server.fleet.delete(each["id"])
    eventually(lambda: not processes.descendants(server.pid), 5, "no process is left")
    eventually(lambda: not processes.zombies_of(server.pid), 5, "no zombie is left")
