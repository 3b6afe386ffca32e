# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Puts this thread, and the servers it starts, on a host whose whole internet is made up.

Two network namespaces and a cable between them. Everything that leaves the host, to whatever
address, arrives in the other one and is counted there (`harness.fakes`). Needs root.
"""

import json
import secrets
import socket
import subprocess
import sys
import threading
from pathlib import Path

from .namespaces import OwnNamespace, ip

SITE, NAME_SERVER, HOST, GATEWAY = "93.184.216.34", "93.184.216.53", "93.184.216.1", "93.184.216.254"
SITE_6, HOST_6, GATEWAY_6 = "2606:2800:220::34", "2606:2800:220::1", "2606:2800:220::fe"
METADATA = "169.254.169.254"
# Hosts that a browser must never reach, most of them really there.
PRIVATE = [METADATA, "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "100.100.100.200",
           "168.63.129.16", "fd00::1", "fd00:ec2::254"]
NAMES = {
    "public.example": [[SITE]], "secure.example": [[SITE]],
    "private.example": [["10.0.0.1"]], "metadata.example": [[METADATA]],
    "unique.example": [["fd00::1"]], "mapped.example": [["::ffff:10.0.0.1"]],
    "mixed.example": [["10.0.0.1", METADATA]], "loop.example": [["127.0.0.1", "::1"]],
    "own.example": [[HOST]], "metadata.google.internal": [[METADATA]],
    "a.localhost": [["10.0.0.1"]],
    "rebind.example": [[SITE], [METADATA]], "rebound.example": [[SITE], [SITE], ["10.0.0.1"]],
    "proxy.example": [["10.0.0.1"]],
}


class Doors:
    """Listens at ports of the host on every address of it, and counts who comes."""

    def __init__(self, ports: list[int]):
        self.visits: set[int] = set()
        self._sockets = [socket.create_server(
            ("::", port), family=socket.AF_INET6, dualstack_ipv6=True) for port in ports]
        for port, door in zip(ports, self._sockets, strict=True):
            threading.Thread(target=self._accept, args=(port, door), daemon=True).start()

    def _accept(self, port: int, door: socket.socket) -> None:
        while True:
            try:
                visitor, _ = door.accept()
            except OSError:
                return
            self.visits.add(port)
            visitor.close()

    def close(self) -> None:
        """Closes the doors."""
        for door in self._sockets:
            door.shutdown(socket.SHUT_RDWR)
            door.close()


class World:
    """The host and its internet, until `leave`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._namespace = OwnNamespace()
        self._fakes = subprocess.Popen(
            ["unshare", "--net", sys.executable, "-m", "harness.fakes"],
            cwd=Path(__file__).parents[1], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self._begin()
        except BaseException:
            self.leave()
            raise

    def _begin(self) -> None:
        self._hear("up")
        self._wire()
        self._fakes.stdin.write(json.dumps({
            "device": "world", "own": [f"{GATEWAY}/24", f"{GATEWAY_6}/64", f"{SITE}/32",
                                       f"{NAME_SERVER}/32", f"{SITE_6}/128"],
            "hosts": [f"{each}/128" if ":" in each else f"{each}/32" for each in PRIVATE],
            "private": PRIVATE, "site": SITE, "nameServer": NAME_SERVER, "names": NAMES,
            "certificate": self._certificate()}) + "\n")
        self._fakes.stdin.flush()
        self._hear("ready")

    @property
    def wrapper(self) -> tuple[str, ...]:
        """What to put before a command so that it asks the made-up name server."""
        resolver, switch = self.folder / "resolv.conf", self.folder / "nsswitch.conf"
        resolver.write_text(f"nameserver {NAME_SERVER}\noptions timeout:1 attempts:1\n")
        switch.write_text("hosts: files dns\npasswd: files\ngroup: files\n")
        bind = ('mount --bind "$0" /etc/resolv.conf && mount --bind "$1" /etc/nsswitch.conf'
                ' && shift && exec "$@"')
        return ("unshare", "--mount", "--propagation", "private", "sh", "-c", bind,
                str(resolver), str(switch))

    def packets(self) -> dict[tuple[str, int, str], int]:
        """Every packet that has left the host by now: address, port and protocol, how many."""
        mark = secrets.token_hex(8)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(mark.encode(), (SITE, 9))
        self._fakes.stdin.write(mark + "\n")
        self._fakes.stdin.flush()
        return {(host, port, kind): count
                for host, port, kind, count in json.loads(self._fakes.stdout.readline())}

    def leave(self) -> None:
        """Ends the internet and goes home."""
        self._fakes.kill()
        self._fakes.communicate()
        self._namespace.leave()

    def _wire(self) -> None:
        ip("link", "set", "lo", "up")
        ip("link", "add", "name", "out", "type", "veth", "peer", "name", "world",
            "netns", str(self._fakes.pid))
        ip("addr", "add", f"{HOST}/24", "dev", "out")
        ip("addr", "add", f"{HOST_6}/64", "dev", "out", "nodad")
        ip("link", "set", "out", "up")
        ip("route", "add", "default", "via", GATEWAY)
        ip("-6", "route", "add", "default", "via", GATEWAY_6)

    def _hear(self, word: str) -> None:
        heard = self._fakes.stdout.readline().strip()
        assert heard == word, f"the made-up internet said '{heard}' instead of '{word}'"

    def _certificate(self) -> str:
        place = self.folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-keyout", place, "-out", self.folder / "only.pem", "-days", "2",
             "-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example"],
            check=True, capture_output=True)
        place.write_text(place.read_text() + (self.folder / "only.pem").read_text())
        return str(place)
