# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Network namespaces: this thread in one of its own, and hosts at the other end of cables.

Every host is a namespace with its own loopback interface, held by a process that ends with the
test. All are on one switch, on which the test is too. The addresses are those reserved for tests
of networks (RFC 2544), and nothing leads out. Needs root.
"""

import ctypes
import os
import subprocess

NEW_NET = 0x40000000
NETWORK = "198.18.7"
# Nobody on the switch has it.
NOWHERE = "02:00:00:00:00:01"


def call(name: str, *arguments) -> None:
    """A function of the C library that answers 0, or an error that names it."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def ip(*words: str) -> None:
    """Runs `ip`."""
    subprocess.run(["ip", *words], check=True)


class OwnNamespace:
    """Puts this thread, and what it starts from now on, in a network namespace of its own."""

    def __init__(self):
        self._home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        call("unshare", NEW_NET)

    def leave(self) -> None:
        """Goes home."""
        call("setns", self._home, NEW_NET)
        os.close(self._home)


class Host:
    """One host on the switch."""

    def __init__(self, name: str, number: int):
        self.address = f"{NETWORK}.{number}"
        self._port = f"to-{name}"
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._holder.stdout.readline() == "up\n", "no network namespace can be made"
        ip("link", "add", "name", self._port, "type", "veth", "peer", "name", "cable",
           "netns", str(self._holder.pid))
        self._ip("addr", "add", f"{self.address}/24", "dev", "cable")
        self._ip("link", "set", "cable", "up")
        ip("link", "set", self._port, "master", "switch", "up")

    @property
    def wrapper(self) -> tuple[str, ...]:
        """What to put before a command that is to run on this host; it stays one process."""
        return ("nsenter", f"--net=/proc/{self._holder.pid}/ns/net", "--")

    def cut(self) -> None:
        """Takes its cable out of the switch; nobody notices but by silence."""
        ip("link", "set", self._port, "nomaster")

    def mend(self) -> None:
        """Puts the cable back."""
        ip("link", "set", self._port, "master", "switch")

    def mute(self, other: "Host") -> None:
        """What it sends to `other` is lost; what `other` sends still arrives."""
        self._ip("neigh", "replace", other.address, "lladdr", NOWHERE, "dev", "cable",
                 "nud", "permanent")

    def unmute(self, other: "Host") -> None:
        """What it sends to `other` arrives again."""
        self._ip("neigh", "del", other.address, "dev", "cable")

    def remove(self) -> None:
        """Ends the host, and whatever still held on to its namespace is alone."""
        self._holder.kill()
        self._holder.communicate()

    def _ip(self, *words: str) -> None:
        subprocess.run([*self.wrapper, "ip", *words], check=True)


class Switch:
    """The network: this thread is on it until `leave`."""

    def __init__(self):
        self.hosts: list[Host] = []
        self._namespace = OwnNamespace()
        try:
            ip("link", "set", "lo", "up")
            ip("link", "add", "name", "switch", "type", "bridge")
            ip("addr", "add", f"{NETWORK}.254/24", "dev", "switch")
            ip("link", "set", "switch", "up")
        except BaseException:
            self.leave()
            raise

    def host(self, name: str) -> Host:
        """One more host."""
        self.hosts.append(Host(name, len(self.hosts) + 1))
        return self.hosts[-1]

    def leave(self) -> None:
        """Ends all hosts and goes home."""
        for host in self.hosts:
            host.remove()
        self._namespace.leave()
