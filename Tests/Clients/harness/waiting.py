# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Bounded waiting: the only place of these tests that sleeps."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
PAUSE = 0.02


def eventually(probe: Callable[[], Answer], within: float, what: str) -> Answer:
    """Asks `probe` until it answers something true; fails after `within` seconds.

    The last answer stands in the message, so a failure says how far things came.
    """
    deadline = time.monotonic() + within
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what} (last answer: {answer!r})")
        time.sleep(PAUSE)


def stays(probe: Callable[[], bool], during: float, what: str) -> None:
    """Fails as soon as `probe` is false within the next `during` seconds."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        if not probe():
            raise AssertionError(f"did not stay for {during:g} s: {what}")
        time.sleep(PAUSE)
