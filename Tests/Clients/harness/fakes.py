# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A made-up internet in a network namespace: started by `harness.world`, never by hand.

Names, a public web site, metadata services and private hosts; and a capture of every packet that
comes in, whoever sent it and whether anybody listens there. Speaks JSON lines with its parent.
"""

import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ALL_PACKETS, OUTGOING = 0x0003, 4
CANARY = "canary of a private host"
MARK_PORT = 9


class Capture:
    """Counts packets by destination, port and protocol."""

    def __init__(self, device: str):
        self.counts: Counter[tuple[str, int, str]] = Counter()
        self._seen = threading.Condition()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(ALL_PACKETS))
        self._socket.bind((device, ALL_PACKETS))
        threading.Thread(target=self._run, daemon=True).start()

    def after(self, mark: bytes) -> list:
        """What was counted up to a packet that has `mark` in it."""
        with self._seen:
            found = self._seen.wait_for(lambda: mark in self._marks, timeout=5)
            assert found, "the mark has not come"
            return [[*key, count] for key, count in self.counts.items()]

    _marks: set[bytes] = set()

    def _run(self):
        while True:
            packet, address = self._socket.recvfrom(65536)
            if address[2] != OUTGOING and packet:
                with self._seen:
                    self._take(packet)
                    self._seen.notify_all()

    def _take(self, packet: bytes):
        version = packet[0] >> 4
        if version == 4:
            protocol, rest = packet[9], packet[(packet[0] & 15) * 4:]
            host = socket.inet_ntop(socket.AF_INET, packet[16:20])
        elif version == 6:
            protocol, rest = packet[6], packet[40:]
            host = socket.inet_ntop(socket.AF_INET6, packet[24:40])
        else:
            return
        port = struct.unpack("!H", rest[2:4])[0] if protocol in (6, 17) and len(rest) > 3 else 0
        name = {6: "tcp", 17: "udp"}.get(protocol, str(protocol))
        self.counts[host, port, name] += 1
        if name == "udp" and port == MARK_PORT:
            self._marks.add(rest[8:])


class Names:
    """A name server; a name with several lines of answers gives one after the other."""

    def __init__(self, address: str, names: dict[str, list[list[str]]]):
        self._names = {name: list(answers) for name, answers in names.items()}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            query, sender = self._socket.recvfrom(4096)
            self._socket.sendto(self._answer(query), sender)

    def _answer(self, query: bytes) -> bytes:
        labels, place = [], 12
        while query[place]:
            labels.append(query[place + 1:place + 1 + query[place]].decode().lower())
            place += 1 + query[place]
        kind = struct.unpack("!H", query[place + 1:place + 3])[0]
        question = query[12:place + 5]
        lines = self._names.get(".".join(labels))
        records = b""
        count = 0
        for text in (self._current(lines, kind) if lines else []):
            family = socket.AF_INET6 if ":" in text else socket.AF_INET
            if (kind, family) in ((1, socket.AF_INET), (28, socket.AF_INET6)):
                data = socket.inet_pton(family, text)
                records += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(data)) + data
                count += 1
        code = 0 if lines else 3
        return query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, count, 0, 0) + question + records

    @staticmethod
    def _current(lines: list[list[str]], kind: int) -> list[str]:
        current = lines[0]
        if kind == 1 and len(lines) > 1:
            lines.pop(0)
        return current


class Pages(BaseHTTPRequestHandler):
    """The public site, whose pages lead where their query says; private hosts tell their canary."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802, the name is http.server's
        if self.server.is_private:
            return self._answer(200, "text/plain", CANARY)
        place = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(place.query).items()}
        to = query.get("to", "")
        kinds = {
            "/redirect": lambda: self._answer(int(query.get("code", 302)), "text/html", "",
                                              {"Location": to}),
            "/refresh": lambda: self._page(f'<meta http-equiv="refresh" content="0;url={to}">'),
            "/css": lambda: self._answer(200, "text/css", f'@import url("{to}");'),
            "/worker.js": lambda: self._script(f"""
                fetch("{to}", {{mode: "no-cors"}}).catch(() => 0).finally(() => postMessage(1))"""),
            "/import.js": lambda: self._script(f"""
                try {{ importScripts("{to}") }} catch {{}}; postMessage(1)"""),
            "/service.js": lambda: self._script(f"""
                oninstall = e => e.waitUntil(fetch("{to}", {{mode: "no-cors"}}).catch(() => 0))"""),
            "/alternative": lambda: self._page("alternative", {
                "Alt-Svc": f'h3="{urlsplit(to).netloc}", h2="{urlsplit(to).netloc}"'}),
            "/report": lambda: self._page("report", {
                "Content-Security-Policy": f"img-src 'none'; report-uri {to}"},
                '<img src="/x.png">'),
            "/early": lambda: self._page("early", {
                "Link": f"<{to}>; rel=preload; as=image, <{to}>; rel=preconnect"}),
            "/frame": lambda: self._page("frame", {}, f'<iframe src="{to}"></iframe>'),
            "/manifest": lambda: self._page(
                f'<link rel="manifest" href="{to}"><link rel="icon" href="{to}">'),
        }
        kinds.get(place.path, lambda: self._page("public"))()

    do_POST = do_GET

    def _script(self, text):
        self._answer(200, "text/javascript", text, {"Service-Worker-Allowed": "/"})

    def _page(self, head, headers=None, body=""):
        self._answer(200, "text/html", f"<!doctype html><title>public</title>{head}{body}", headers)

    def _answer(self, status, kind, text, headers=None):
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)),
                            "Access-Control-Allow-Origin": "*", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Says nothing: browsers leave half way."""


def serve(address: str, port: int, is_private: bool, certificate: str | None = None):
    """A web server at one address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = type("_", (_Server,), {"address_family": family})((address, port), Pages)
    server.is_private = is_private
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def configure(order: dict):
    """Takes the addresses of all hosts of the made-up internet."""
    commands = ["link set lo up", f"link set {order['device']} up"]
    commands += [f"addr add {each} dev {order['device']} nodad" if ":" in each else
                 f"addr add {each} dev {order['device']}" for each in order["own"]]
    commands += [f"addr add {each} dev lo" for each in order["hosts"]]
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True)


def main():
    """Says `up`, is told what to be, says `ready`, and reports at each mark."""
    print("up", flush=True)
    order = json.loads(sys.stdin.readline())
    configure(order)
    capture = Capture(order["device"])
    Names(order["nameServer"], order["names"])
    serve(order["site"], 80, is_private=False)
    serve(order["site"], 443, is_private=False, certificate=order["certificate"])
    for address in order["private"]:
        serve(address, 80, is_private=True)
    print("ready", flush=True)
    for mark in sys.stdin:
        print(json.dumps(capture.after(mark.strip().encode())), flush=True)


if __name__ == "__main__":
    main()
