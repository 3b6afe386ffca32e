# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Who looks on while a fleet breaks: each a thread that notes what it sees and when."""

import json
import threading
import time

import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from .fleet_rig import Member, own_session, status

PAUSE = 0.03
ANSWER_LIMIT = 60.0


class Witness:
    """Does `look` again and again until it is told to leave."""

    def __init__(self):
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.fault: BaseException | None = None

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.leave()

    def look(self) -> bool:
        """One look; false when there is nothing more to see."""
        raise NotImplementedError

    def leave(self) -> None:
        """Ends it; what it could not cope with is the test's fault."""
        self._leaving.set()
        self._thread.join(ANSWER_LIMIT)
        if self.fault:
            raise AssertionError(f"{type(self).__name__}: {self.fault!r}") from self.fault

    def _run(self) -> None:
        try:
            while not self._leaving.is_set() and self.look():
                self._leaving.wait(PAUSE)
        except BaseException as fault:  # noqa: BLE001 - the test's thread raises it
            self.fault = fault


class Watch(Witness):
    """Notes when a gateway changes its mind about a server."""

    def __init__(self, gateway: Member, server: Member):
        super().__init__()
        self.seen: list[tuple[float, str]] = []
        self._fleet = own_session(gateway)
        self._server = server

    def look(self) -> bool:
        try:
            now = status(self._fleet, self._server)
        except requests.RequestException:
            return True
        if not self.seen or self.seen[-1][1] != now:
            self.seen.append((time.monotonic(), now))
        return True

    def when(self, is_so, after: float) -> float | None:
        """The first instant behind `after` at which the status was so."""
        return next((at for at, word in self.seen if at >= after and is_so(word)), None)

    @property
    def words(self) -> list[str]:
        """The statuses, in their order."""
        return [word for _, word in self.seen]


class Attached(Witness):
    """A client on a browser: makes round trips, and notes how and when it was closed."""

    def __init__(self, url: str):
        super().__init__()
        self.trips: list[float] = []
        self.end: tuple[float, int, str] | None = None
        self._socket = connect(url, max_size=None, open_timeout=10, ping_interval=None,
                               close_timeout=2, proxy=None)

    def look(self) -> bool:
        begun = time.monotonic()
        number = len(self.trips) + 1
        try:
            self._socket.send(json.dumps({"id": number, "method": "Browser.getVersion"}))
            while json.loads(self._socket.recv(timeout=ANSWER_LIMIT)).get("id") != number:
                pass
        except ConnectionClosed as closed:
            # A connection that breaks without a word is 1006 to every client.
            frame = closed.rcvd
            self.end = (time.monotonic(), frame.code if frame else 1006,
                        frame.reason if frame else "")
            return False
        self.trips.append(time.monotonic() - begun)
        return True

    def leave(self) -> None:
        super().leave()
        self._socket.close()


class Asking(Witness):
    """Asks for one browser by its ID, and counts the answers."""

    def __init__(self, gateway: Member, browser_id: str):
        super().__init__()
        self.answers: list[tuple[float, int, str]] = []
        self._fleet = own_session(gateway)
        self._path = f"/browsers/{browser_id}"

    def look(self) -> bool:
        answer = self._fleet.get(self._path, timeout=ANSWER_LIMIT)
        word = "" if answer.status_code == 200 else answer.json()["code"]
        self.answers.append((time.monotonic(), answer.status_code, word))
        return True

    @property
    def kinds(self) -> set[tuple[int, str]]:
        """The answers there were."""
        return {(code, word) for _, code, word in self.answers}


class Creating(Witness):
    """Creates browsers, keeps each for a moment and deletes it."""

    def __init__(self, gateway: Member, hold: float = 0.2):
        super().__init__()
        self.made: list[tuple[float, str]] = []
        self.lost: list[str] = []
        self.slowest = 0.0
        self._fleet = own_session(gateway)
        self._hold = hold

    def look(self) -> bool:
        begun = time.monotonic()
        answer = self._fleet.post("/browsers", {}, timeout=ANSWER_LIMIT)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        if answer.status_code != 201:
            self.lost.append(f"{answer.status_code} {answer.text[:300]}")
            return True
        browser = answer.json()
        self.made.append((time.monotonic(), browser["server"]))
        self._leaving.wait(self._hold)
        self._fleet.delete(browser["id"])
        return True
