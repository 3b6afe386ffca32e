# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures: a server per module with the module's settings, a site, browsers that are deleted.

With `FLEET_URL` and `FLEET_API_KEY` the tests go to a server that already runs; those that need
settings of their own, or the server's process, are then skipped and counted. `FLEET_SITE_PORT`
names the port of 127.0.0.1 that such a server allows browsers to reach.
"""

import os

import pytest

from harness.memory_group import MemoryGroup
from harness.rest import Fleet
from harness.server import Server
from harness.site import Site


@pytest.fixture(scope="session")
def site():
    """The site that browsers may reach."""
    running = Site("allowed", int(os.environ.get("FLEET_SITE_PORT", "0")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def forbidden_site():
    """A site on 127.0.0.1 that is on no list."""
    running = Site("forbidden")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(request, site):
    """A server with the settings of the module's `SETTINGS`."""
    if os.environ.get("FLEET_URL"):
        pytest.skip("needs a server of its own; FLEET_URL is set")
    settings = {"EGRESS_ALLOW": site.authority} | getattr(request.module, "SETTINGS", {})
    yield from _running(Server(**settings))


@pytest.fixture(scope="module")
def fleet(request, site):
    """The server to ask and a key that may do everything."""
    outside = os.environ.get("FLEET_URL")
    if outside and not hasattr(request.module, "SETTINGS"):
        return Fleet(outside, os.environ.get("FLEET_API_KEY"))
    return request.getfixturevalue("server").fleet


@pytest.fixture
def start_server(site):
    """Starts servers with settings of the test's choice; they end with the test."""
    if os.environ.get("FLEET_URL"):
        pytest.skip("needs a server of its own; FLEET_URL is set")
    started = []

    def start(*wrapper, **settings) -> Server:
        server = Server(*wrapper, **({"EGRESS_ALLOW": site.authority} | settings))
        started.append(server)
        return server.start()

    yield start
    for server in started:
        _end(server)


@pytest.fixture
def memory_group():
    """A control group of the test's own. Name it before `start_server`: processes end first."""
    group = MemoryGroup()
    yield group
    group.remove()


@pytest.fixture
def browser(fleet):
    """A browser of the test's own."""
    made = fleet.create()
    yield made
    fleet.delete(made["id"])


@pytest.fixture(autouse=True)
def server_survives(request):
    """No test may bring its module's server down."""
    names = {"server", "fleet", "browser"} & set(request.fixturenames)
    has_own = names and not os.environ.get("FLEET_URL")
    server = request.getfixturevalue("server") if has_own else None
    yield
    if server is not None:
        assert server.is_running(), f"the server has ended:\n{server.log_end()}"


def _running(server: Server):
    try:
        yield server.start()
    finally:
        _end(server)


def _end(server: Server) -> None:
    try:
        code = server.stop()
        assert code == 0, f"the server ended with {code}:\n{server.log_end()}"
    finally:
        server.remove()
