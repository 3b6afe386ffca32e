# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A WebSocket that sends back what comes, quick enough that whatever stands in front is measured.

It copies payloads as they are, so its clients mask with zero.
"""

import base64
import hashlib
import multiprocessing
import socket
import struct
import threading

SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
UPGRADE = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Accept: %s\r\n\r\n")


class _Reader:
    """Takes exact counts of bytes off a socket."""

    def __init__(self, handle: socket.socket):
        self._handle = handle

    def take(self, count: int) -> bytearray:
        """So many bytes."""
        taken = bytearray(count)
        view = memoryview(taken)
        while view:
            got = self._handle.recv_into(view)
            if got == 0:
                raise EOFError
            view = view[got:]
        return taken


def _shake_hands(handle: socket.socket) -> None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = handle.recv(1)
        if not part:
            raise EOFError
        head += part
    key = next((line.split(b":", 1)[1].strip() for line in head.split(b"\r\n")
                if line.lower().startswith(b"sec-websocket-key:")), None)
    if key is None:  # a gateway asks how the server is, which an echo does not know
        raise EOFError
    handle.sendall(UPGRADE % base64.b64encode(hashlib.sha1(key + SUFFIX).digest()))


def _answer(handle: socket.socket) -> None:
    handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = _Reader(handle)
    try:
        _shake_hands(handle)
        while True:
            first, second = reader.take(2)
            length = second & 0x7f
            if length == 126:
                length, = struct.unpack(">H", reader.take(2))
            elif length == 127:
                length, = struct.unpack(">Q", reader.take(8))
            assert second & 0x80 and not any(reader.take(4)), "the mask is not zero"
            payload = reader.take(length)
            handle.sendall(struct.pack(">BBQ", first, 127, length) + payload)
    except (EOFError, OSError):
        handle.close()


def _serve(listener: socket.socket) -> None:
    while True:
        handle, _ = listener.accept()
        threading.Thread(target=_answer, args=(handle,), daemon=True).start()


class Echo:
    """A running echo in a process of its own."""

    def __init__(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(listener,), daemon=True)
        self._process.start()
        listener.close()

    def stop(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.join(5)
