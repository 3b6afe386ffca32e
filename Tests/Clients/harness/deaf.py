# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A WebSocket client that reads only when it is told to: libraries read ahead on their own."""

import json
import os
import socket
import struct
import time
from urllib.parse import urlsplit

UPGRADE = ("GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
CLOSE, TEXT, PING, PONG = 0x8, 0x1, 0x9, 0xA


class Deaf:
    """One connection with a small receive buffer of its own."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        self.socket.settimeout(10)
        self.socket.connect((parts.hostname, parts.port))
        self.socket.sendall(UPGRADE.format(
            path=f"{parts.path}?{parts.query}", host=parts.netloc).encode())
        self._unread = b""
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.socket.recv(1)
            assert part, f"refused: {head!r}"
            head += part
        assert head.startswith(b"HTTP/1.1 101"), head
        self._last = 0

    def send(self, method: str, params: dict | None = None, session: str | None = None) -> int:
        """Sends a call; its number."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = session
        self._write(TEXT, json.dumps(message).encode())
        return self._last

    def call(self, method: str, params: dict | None = None, session: str | None = None) -> dict:
        """Sends a call and reads up to its answer."""
        number = self.send(method, params, session)
        while True:
            opcode, payload = self.frame()
            assert opcode != CLOSE, payload
            message = json.loads(payload) if opcode == TEXT else {}
            if message.get("id") == number:
                return message["result"]

    def closed(self, within: float) -> tuple[int, str]:
        """Reads up to the close frame; its code and reason."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                return struct.unpack("!H", payload[:2])[0], payload[2:].decode()
        raise AssertionError(f"no close frame within {within:g} s")

    def frame(self) -> tuple[int, bytes]:
        """The next frame; pings are answered."""
        first, second = self._exactly(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        payload = self._exactly(length)
        if first & 0xF == PING:
            self._write(PONG, payload)
        return first & 0xF, payload

    def leave(self) -> None:
        """Goes without a word."""
        self.socket.close()

    def _exactly(self, count: int) -> bytes:
        while len(self._unread) < count:
            part = self.socket.recv(1 << 20)
            assert part, "the connection broke without a close frame"
            self._unread += part
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    def _write(self, opcode: int, payload: bytes) -> None:
        head = bytes([0x80 | opcode])
        if len(payload) < 126:
            head += bytes([0x80 | len(payload)])
        else:
            head += bytes([0xFE]) + struct.pack("!H", len(payload))
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))
        self.socket.sendall(head + mask + masked)
