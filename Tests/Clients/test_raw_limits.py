# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The queue: its bound, its deadline, and what the refused are told."""

import threading

import pytest
import requests

from harness.rest import problem
from harness.waiting import eventually, stays

SETTINGS = {"MAX_BROWSERS": "1", "WARM_BROWSERS": "1", "REQUEST_QUEUE_SIZE": "1",
            "QUEUE_TIMEOUT": "20s"}


class Waiting(threading.Thread):
    """A create call that is under way."""

    def __init__(self, fleet, **fields):
        super().__init__(daemon=True)
        self.fleet, self.fields, self.answer = fleet.with_key(fleet.key), fields, None
        self.start()

    def run(self):
        self.answer = self.fleet.post("/browsers", self.fields)


@pytest.fixture
def taken(fleet):
    """The server's only browser."""
    made = fleet.create()
    yield made
    fleet.delete(made["id"])
    eventually(lambda: fleet.get("/health").json()["activeSessions"] == 0, 10, "no lease is left")


def queued(fleet) -> int:
    return fleet.get("/api/health").json()["queues"]["requests"]


def test_a_full_server_says_when_to_come_again(fleet, taken):
    answer = fleet.post("/browsers", {"queueTimeoutMs": 300})
    document = problem(answer, (429, 503))
    assert int(answer.headers["Retry-After"]) >= 1
    assert document["retryAfterMs"] > 0
    assert answer.elapsed.total_seconds() < 3


def test_a_full_queue_refuses_at_once(fleet, taken):
    waiting = Waiting(fleet, queueTimeoutMs=3000)
    eventually(lambda: queued(fleet) == 1, 3, "one caller waits")
    answer = fleet.post("/browsers", {"queueTimeoutMs": 3000})
    document = problem(answer, (429, 503))
    assert answer.elapsed.total_seconds() < 1
    assert "Retry-After" in answer.headers and "queue" in document
    waiting.join(6)
    problem(waiting.answer, (429, 503))


def test_the_one_who_waits_gets_what_is_freed(fleet, taken):
    waiting = Waiting(fleet)
    eventually(lambda: queued(fleet) == 1, 3, "one caller waits")
    fleet.delete(taken["id"])
    waiting.join(10)
    assert waiting.answer is not None and waiting.answer.status_code == 201, waiting.answer
    fleet.delete(waiting.answer.json()["id"])


def test_a_caller_that_left_never_gets_a_browser(fleet, taken):
    with pytest.raises(requests.Timeout):
        fleet.post("/browsers", {}, timeout=0.5)
    eventually(lambda: queued(fleet) == 0, 3, "nobody waits")
    fleet.delete(taken["id"])
    eventually(lambda: fleet.has_ended(taken["id"]), 5, "the browser has ended")
    stays(lambda: fleet.get("/health").json()["activeSessions"] == 0, 1, "nobody holds a lease")


def test_what_can_never_be_started_is_refused_without_waiting(fleet, taken):
    answer = fleet.post("/browsers", {"args": ["--no-sandbox"]})
    assert problem(answer, 400)["code"] == "invalid-argument"
    assert answer.elapsed.total_seconds() < 1
