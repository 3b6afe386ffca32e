# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A DevTools client of a few lines on `websockets`: what a bare client sees of a browser."""

import json
import time
from contextlib import ExitStack, contextmanager

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

CALL_LIMIT = 10.0


class ProtocolError(Exception):
    """The answer to a call was an error."""


class Connection:
    """One WebSocket; calls wait for their answer and keep the events that come in between."""

    def __init__(self, url: str, headers: dict[str, str] | None = None):
        self._stack = ExitStack()
        self.socket = self._stack.enter_context(connect(
            url, additional_headers=headers, max_size=None, open_timeout=10,
            ping_interval=None, close_timeout=2, proxy=None))
        self.received: list[dict] = []
        self.events: list[dict] = []
        self.answers: dict[int, dict] = {}
        self.on_event = None
        self._last = 0

    def send(self, method: str, params: dict | None = None, session: str | None = None) -> int:
        """Sends a call and returns its number without waiting."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = session
        self.socket.send(json.dumps(message))
        return self._last

    def call(self, method: str, params: dict | None = None, session: str | None = None,
             within: float = CALL_LIMIT) -> dict:
        """Sends a call and returns its result."""
        return self.result(self.send(method, params, session), within, method)

    def result(self, number: int, within: float = CALL_LIMIT, what: str = "the answer") -> dict:
        """The result of a call sent before."""
        self._pump(lambda: number in self.answers, within, what)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise ProtocolError(answer["error"].get("message", str(answer["error"])))
        return answer["result"]

    def event(self, method: str, within: float = CALL_LIMIT, where=lambda message: True) -> dict:
        """The first event of that name which fits, taken out of those kept; the whole message."""
        def first():
            fits = (each for each in self.events if each["method"] == method and where(each))
            return next(fits, None)
        self._pump(lambda: first() is not None, within, method)
        found = first()
        self.events.remove(found)
        return found

    def listen(self, during: float) -> None:
        """Takes in whatever comes within `during` seconds."""
        deadline = time.monotonic() + during
        while time.monotonic() < deadline:
            self._take(max(0.001, deadline - time.monotonic()))

    def closed(self, within: float = CALL_LIMIT) -> tuple[int, str]:
        """Waits until the server closes; the close code and the reason."""
        deadline = time.monotonic() + within
        try:
            while time.monotonic() < deadline:
                self._take(max(0.001, deadline - time.monotonic()))
        except ConnectionClosed as end:
            assert end.rcvd is not None, "the connection broke without a close frame (1006)"
            return end.rcvd.code, end.rcvd.reason
        raise AssertionError(f"still open after {within:g} s")

    def close(self) -> None:
        """Leaves."""
        self._stack.close()

    def _pump(self, done, within: float, what: str) -> None:
        deadline = time.monotonic() + within
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what}: nothing within {within:g} s")
            self._take(left)

    def _take(self, limit: float) -> None:
        try:
            message = json.loads(self.socket.recv(timeout=limit))
        except TimeoutError:
            return
        self.received.append(message)
        if "id" in message:
            self.answers[message["id"]] = message
            return
        self.events.append(message)
        if self.on_event is not None:
            self.on_event(message)


@contextmanager
def connected(url: str, headers: dict[str, str] | None = None):
    """A connection that is left at the end of the block."""
    connection = Connection(url, headers)
    try:
        yield connection
    finally:
        connection.close()


def open_page(connection: Connection, url: str = "about:blank", **target) -> tuple[str, str]:
    """Makes a page and attaches to it; its target ID and the session."""
    made = connection.call("Target.createTarget", {"url": url, **target})
    session = connection.call(
        "Target.attachToTarget", {"targetId": made["targetId"], "flatten": True})["sessionId"]
    return made["targetId"], session


def evaluate(connection: Connection, session: str, expression: str, within: float = CALL_LIMIT):
    """The value of an expression in a page; promises are awaited."""
    answer = connection.call(
        "Runtime.evaluate",
        {"expression": expression, "returnByValue": True, "awaitPromise": True}, session, within)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def visit(connection: Connection, session: str, url: str) -> str:
    """Loads `url` and returns the title of what came."""
    connection.call("Page.enable", session=session)
    answer = connection.call("Page.navigate", {"url": url}, session)
    assert "errorText" not in answer, answer
    connection.event("Page.loadEventFired", where=lambda event: event.get("sessionId") == session)
    return evaluate(connection, session, "document.title")


def page_ids(connection: Connection) -> set[str]:
    """The pages the browser has."""
    infos = connection.call("Target.getTargets")["targetInfos"]
    return {info["targetId"] for info in infos if info["type"] == "page"}


def refusal(url: str, headers: dict[str, str] | None = None) -> tuple[int, dict]:
    """The status and the problem with which an upgrade is refused."""
    try:
        Connection(url, headers).close()
    except InvalidStatus as refused:
        return refused.response.status_code, json.loads(refused.response.body or b"{}")
    raise AssertionError(f"the upgrade was not refused: {url.split('?')[0]}")
