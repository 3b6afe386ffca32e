# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A server and its store: it serves while the store is away, says so, and keeps its audit."""

import json
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from websockets.sync.client import connect

from harness.server import Server
from harness.store import Redis
from harness.waiting import eventually


@pytest.fixture
def redis():
    redis = Redis()
    yield redis
    redis.remove()


def word(server: Server) -> str:
    answer = server.fleet.get("/health/ready")
    return "" if answer.status_code == 204 else answer.json()["code"]


def call(socket, number: int) -> dict:
    socket.send(json.dumps({"id": number, "method": "Browser.getVersion"}))
    return json.loads(socket.recv(timeout=10))


def test_a_server_serves_what_it_has_while_redis_is_away_and_says_so(redis):
    redis.start()
    server = Server(STORE=redis.url, INTERNAL_API_KEY="0123456789abcdef" * 4).start()
    try:
        made = server.fleet.create()
        with connect(made["wss"], max_size=None) as socket:
            assert "result" in call(socket, 1)
            redis.kill()
            eventually(lambda: word(server) == "store-unavailable", 5, "the word is said")
            assert server.fleet.get("/health").json()["status"] == "store-unavailable"
            assert "result" in call(socket, 2)
            redis.start()
            eventually(lambda: word(server) == "", 5, "the server is ready again")
            assert "result" in call(socket, 3)
        server.fleet.delete(made["id"])
        eventually(
            lambda: all(f'"browser.{action}"' in redis.ask("XRANGE", "fleet:audit", "-", "+")
                        for action in ("create", "connect", "disconnect", "delete")),
            5, "the audit is in Redis")
        log = server.log.read_text()
        assert "Connection refused" in log and "the store works again" in log
    finally:
        assert server.stop() == 0
        server.remove()


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_server_ends_in_time_while_redis_is_away(redis, signal_number):
    redis.start()
    server = Server(STORE=redis.url, INTERNAL_API_KEY="0123456789abcdef" * 4).start()
    try:
        server.fleet.create()
        os.kill(redis.process.pid, signal_number)
        server.fleet.create()
        begun = time.monotonic()
        assert server.stop() == 0, server.log_end()
        print(f"{time.monotonic() - begun:.2f} s")
    finally:
        if signal_number == signal.SIGSTOP:
            os.kill(redis.process.pid, signal.SIGCONT)
        server.stop()
        server.remove()


def test_the_audit_is_in_the_file_when_the_server_has_ended():
    server = Server().start()
    try:
        made = server.fleet.create()
        server.fleet.delete(made["id"])
        assert server.stop() == 0
        with sqlite3.connect(Path(server.data) / "fleet.db") as database:
            rows = [json.loads(body) for body, in database.execute("SELECT body FROM audit")]
        assert [(row["action"], row["subject"]) for row in rows] == [
            ("browser.create", made["id"]), ("browser.delete", made["id"])]
    finally:
        server.stop()
        server.remove()
