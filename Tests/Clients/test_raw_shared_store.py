# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A gateway and two servers that know of each other only by the store they share, Redis or
PostgreSQL: browsers are placed, keys stick and move, the store goes away and comes back."""

import json
import threading

import pytest
import requests
from websockets.sync.client import connect

from harness.rest import problem, refusal
from harness.server import KEY, Server
from harness.store import Engine, Postgres, Redis
from harness.waiting import eventually

SECRET = "0123456789abcdef" * 4
LIMIT = 20
KEY_OF_A_DEVICE = "device-1"


@pytest.fixture(params=[Redis, Postgres], ids=lambda kind: kind.kind)
def engine(request):
    engine = request.param()
    try:
        engine.start()
        yield engine
    finally:
        engine.remove()


class SharedFleet:
    """The processes; nobody is told of another but by `STORE`."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.gateway = self.server("gateway", ROLE="gateway")
        self.servers = {
            name: self.server(name, ROLE="node", MAX_BROWSERS="3") for name in ("one", "two")}

    def server(self, name: str, **settings: str) -> Server:
        return Server(
            STORE=self.engine.url, INTERNAL_API_KEY=SECRET, DOMAIN=f"{name}.fleet.test",
            SERVER_ID=name, HEARTBEAT_INTERVAL="300", FAILURE_DETECTION_TIMEOUT="1500",
            **settings)

    @property
    def everyone(self) -> list[Server]:
        return [self.gateway, *self.servers.values()]

    def start(self) -> None:
        for server in self.everyone:
            server.start()

    def end(self) -> None:
        for server in self.everyone:
            server.kill()
            server.remove()

    @property
    def standings(self) -> dict[str, str]:
        """What the gateway thinks of each server."""
        rows = self.gateway.fleet.get("/servers").json()["servers"]
        return {row["id"]: row["status"] for row in rows}

    def await_standings(self, **standings: str) -> None:
        eventually(lambda: self.standings == standings, LIMIT, f"the servers are {standings}")

    def place_of(self, key: str) -> str:
        """The server that a key is bound to."""
        return self.gateway.fleet.get(f"/assignments/{key}").json()["server"]

    def await_ready(self, word: str) -> None:
        """Waits until every process says this of itself."""
        for server in self.everyone:
            eventually(lambda server=server: readiness(server) == word, LIMIT, f"'{word}' is said")


@pytest.fixture
def fleet(engine):
    fleet = SharedFleet(engine)
    try:
        fleet.start()
        yield fleet
    finally:
        fleet.end()


class Events(threading.Thread):
    """Follows one server's stream of events from its beginning on one connection."""

    def __init__(self, server: Server):
        super().__init__(daemon=True)
        self.seen: list[dict] = []
        self.answer = requests.get(
            f"{server.fleet.url}/events", stream=True, timeout=LIMIT,
            headers={"X-API-Key": KEY, "Last-Event-ID": "0"})
        assert self.answer.status_code == 200, self.answer.text
        self.start()

    def run(self) -> None:
        try:
            for line in self.answer.iter_lines():
                self.seen += event_in(line.decode())
        except (requests.RequestException, AttributeError):
            pass  # The server has ended, or the test.

    def has(self, kind: str, subject: str) -> bool:
        return any((each["type"], each["subject"]) == (kind, subject) for each in self.seen)

    def await_event(self, kind: str, subject: str) -> None:
        eventually(lambda: self.has(kind, subject), LIMIT, f"{kind} of {subject} is heard")


def event_in(line: str) -> list[dict]:
    """The event that a line of a stream carries, if it does."""
    if not line.startswith("data: "):
        return []
    event = json.loads(line[len("data: "):])
    return [event] if "subject" in event else []


def events_behind(server: Server, place: str) -> list[dict]:
    """What a server has of events behind one."""
    text = server.fleet.get("/events?follow=false", headers={"Last-Event-ID": place}).text
    return [event for line in text.splitlines() for event in event_in(line)]


def readiness(server: Server) -> str:
    answer = server.fleet.get("/health/ready")
    return "" if answer.status_code == 204 else answer.json()["code"]


def owner(browser: dict) -> str:
    return browser["server"].removesuffix(".fleet.test")


def version(socket) -> dict:
    """One question to a browser, and its answer."""
    socket.send(json.dumps({"id": 1, "method": "Browser.getVersion"}))
    return json.loads(socket.recv(timeout=10))["result"]


def test_a_fleet_lives_by_the_store_it_shares(fleet):
    fleet.await_standings(one="active", two="active")
    events = Events(fleet.gateway)
    events.await_event("server.registered", "two")
    made = placed_and_routed(fleet)
    place = a_key_sticks(fleet)
    events_are_resumed_at_another_server(fleet)
    kept = next(each for each in made if owner(each) == place)
    the_store_goes_and_comes_back(fleet, events, kept)
    a_server_is_lost_and_its_key_moves(fleet, events, kept)
    a_server_comes_back_and_one_leaves(fleet, events, place)


def placed_and_routed(fleet: SharedFleet) -> list[dict]:
    """A browser on each server, found by its ID."""
    made = [fleet.gateway.fleet.create() for _ in fleet.servers]
    assert {owner(each) for each in made} == set(fleet.servers)
    for each in made:
        assert fleet.gateway.fleet.get(f"/browsers/{each['id']}").json()["id"] == each["id"]
        with connect(each["wss"]) as socket:
            assert "product" in version(socket)
    return made


def a_key_sticks(fleet: SharedFleet) -> str:
    """Where it is: on the server of its first use, though the other one has more room."""
    first = fleet.gateway.fleet.create(affinityKey=KEY_OF_A_DEVICE)
    again = fleet.gateway.fleet.create(affinityKey=KEY_OF_A_DEVICE)
    assert owner(again) == owner(first) == fleet.place_of(KEY_OF_A_DEVICE)
    for each in (first, again):
        fleet.gateway.fleet.delete(each["id"])
    return owner(first)


def events_are_resumed_at_another_server(fleet: SharedFleet) -> None:
    """What one server did not tell any more another tells, and nothing twice."""
    one, two = fleet.servers.values()
    before = events_behind(one, "0")
    browser = fleet.gateway.fleet.create()
    fleet.gateway.fleet.delete(browser["id"])
    place = before[-1]["id"]
    eventually(lambda: any(each["type"] == "browser.ended" and each["subject"] == browser["id"]
                           for each in events_behind(two, place)), LIMIT, "it goes on elsewhere")
    after = events_behind(two, place)
    names = [each["id"] for each in before + after]
    assert len(names) == len(set(names))
    whole = [each["id"] for each in events_behind(fleet.gateway, "0")]
    assert whole[:len(names)] == names


def the_store_goes_and_comes_back(fleet: SharedFleet, events: Events, kept: dict) -> None:
    """Nothing that has an ID suffers, nobody is given up, and it is said."""
    gateway = fleet.gateway.fleet
    with connect(kept["wss"]) as socket:
        fleet.engine.kill()
        fleet.await_ready("store-unavailable")
        assert "product" in version(socket)
        assert gateway.get(f"/browsers/{kept['id']}").status_code == 200
        with connect(gateway.get(f"/browsers/{kept['id']}").json()["wss"]) as another:
            assert "product" in version(another)
        assert gateway.get("/health").status_code == 200
        # They are there and take nothing new: their names may be somebody else's by now.
        assert set(fleet.standings.values()) <= {"active", "draining"}
        eventually(lambda: "store-unavailable" in refusal(gateway), LIMIT, "why is said")
        fleet.engine.start()
        fleet.await_ready("")
        assert "product" in version(socket)
    fleet.await_standings(one="active", two="active")
    browser = gateway.create(affinityKey=KEY_OF_A_DEVICE)
    assert owner(browser) == owner(kept)
    events.await_event("browser.created", browser["id"])
    gateway.delete(browser["id"])


def a_server_is_lost_and_its_key_moves(
        fleet: SharedFleet, events: Events, kept: dict) -> None:
    """The fleet hears of it, and the audit has it."""
    gateway, lost = fleet.gateway.fleet, owner(kept)
    other = next(name for name in fleet.servers if name != lost)
    fleet.servers[lost].kill()
    eventually(lambda: fleet.standings[lost] == "lost", LIMIT, "it is lost")
    events.await_event("server.lost", lost)
    events.await_event("assignment.moved", KEY_OF_A_DEVICE)
    assert fleet.place_of(KEY_OF_A_DEVICE) == other
    assert owner(gateway.create(affinityKey=KEY_OF_A_DEVICE)) == other
    gone = gateway.get(f"/browsers/{kept['id']}")
    assert problem(gone, 410)["code"] == "server-lost"
    moved, = gateway.get("/audit?action=assignment.moved").json()["entries"]
    assert moved["subject"] == KEY_OF_A_DEVICE
    assert (moved["details"]["from"], moved["details"]["server"]) == (lost, other)
    made = gateway.get(f"/audit?action=browser.create&subject={kept['id']}").json()["entries"]
    assert made, "the audit has what was before the store went away"


def a_server_comes_back_and_one_leaves(fleet: SharedFleet, events: Events, lost: str) -> None:
    """Under a higher number than before; a good-bye is no loss."""
    other = next(name for name in fleet.servers if name != lost)
    fleet.servers[lost].start()
    fleet.await_standings(one="active", two="active")
    assert fleet.servers[other].stop() == 0
    events.await_event("server.left", other)
    eventually(lambda: fleet.standings[other] == "inactive", LIMIT, "it has left")
    assert fleet.place_of(KEY_OF_A_DEVICE) == other, "a restart would find its keys"


def test_a_newer_process_of_a_name_fences_the_older(engine):
    settings = {"STORE": engine.url, "INTERNAL_API_KEY": SECRET, "DOMAIN": "twin.fleet.test",
                "HEARTBEAT_INTERVAL": "300", "FAILURE_DETECTION_TIMEOUT": "1500"}
    old, new = Server(SERVER_ID="old", **settings), Server(SERVER_ID="new", **settings)
    try:
        old.start()
        with connect(old.fleet.create()["wss"]) as socket:
            assert version(socket)
            new.start()
            with pytest.raises(Exception) as closed:
                socket.recv(timeout=LIMIT)
            assert closed.value.rcvd.code == 4007
        eventually(lambda: not old.is_running(), LIMIT, "the older one ends")
        assert old.process.returncode == 4
        assert "a newer process has this server's name" in old.log.read_text()
        assert new.fleet.create()["server"] == "twin.fleet.test"
    finally:
        for server in (old, new):
            server.kill()
            server.remove()
