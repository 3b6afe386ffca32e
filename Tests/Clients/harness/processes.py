# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Reads /proc: process trees, sockets, namespaces, memory and processor time."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
LISTENING = "0A"


@dataclass(frozen=True)
class Process:
    """One process; the start time tells it from a later one with the same number."""

    pid: int
    parent: int
    started: int
    state: str
    ticks: int
    threads: int

    @property
    def command(self) -> list[str]:
        """The command line, empty if the process has gone."""
        try:
            raw = Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [word.decode(errors="replace") for word in raw.replace(b"\0", b"\n").split(b"\n")]

    def namespace(self, kind: str) -> str | None:
        """The identity of one of the namespaces the process is in."""
        try:
            return os.readlink(f"/proc/{self.pid}/ns/{kind}")
        except OSError:
            return None

    def is_alive(self) -> bool:
        """Whether this very process still runs; a zombie has ended."""
        now = read(self.pid)
        return now is not None and now.started == self.started and now.state not in "ZX"

    def is_chromium(self) -> bool:
        """Whether it is one of the processes of a Chromium (but not of what jails it)."""
        try:
            program = os.readlink(f"/proc/{self.pid}/exe")
        except OSError:  # another user's: Chromium's children put all words into the first one
            program = (self.command or [""])[0].split(" ")[0]
        return "chrom" in os.path.basename(program)

    def has_type(self, kind: str) -> bool:
        """Whether Chromium started it as a process of that kind."""
        return any(f"--type={kind}" in word for word in self.command)


def read(pid: int) -> Process | None:
    """The process with that number, if there is one."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2:].split()
    return Process(pid, int(fields[1]), int(fields[19]), fields[0],
                   int(fields[11]) + int(fields[12]), int(fields[17]))


def everyone() -> list[Process]:
    """All processes that can be seen."""
    found = (read(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return [process for process in found if process is not None]


def descendants(pid: int) -> list[Process]:
    """All processes below `pid`, without itself."""
    children: dict[int, list[Process]] = {}
    for process in everyone():
        children.setdefault(process.parent, []).append(process)
    found, waiting = [], [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.append(child)
            waiting.append(child.pid)
    return [process for process in found if process.state not in "ZX"]


def zombies_of(pid: int) -> list[Process]:
    """Children of `pid` that have ended and that nobody has waited for."""
    return [each for each in everyone() if each.parent == pid and each.state == "Z"]


def sharing_namespaces(processes: list[Process], kind: str = "net") -> list[Process]:
    """Whoever lives in a namespace of `processes` that is not our own."""
    ours = os.readlink(f"/proc/self/ns/{kind}")
    theirs = {process.namespace(kind) for process in processes} - {ours, None}
    return [process for process in everyone()
            if process.namespace(kind) in theirs and process.state not in "ZX"]


def seconds_of_processor(pids: list[int]) -> float:
    """Processor time (user and system) that these processes have used, ended children not counted."""
    found = (read(pid) for pid in pids)
    return sum(process.ticks for process in found if process is not None) / TICKS


def resident_kib(pid: int) -> int:
    """Resident memory in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError(f"{pid} has no VmRSS")


def descriptors(pid: int) -> int:
    """How many file descriptors are open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def socket_inodes(pid: int) -> set[str]:
    """The sockets that a process holds."""
    inodes = set()
    try:
        names = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return inodes
    for name in names:
        try:
            link = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if link.startswith("socket:["):
            inodes.add(link[8:-1])
    return inodes


def listening_inodes(pid: int) -> set[str]:
    """The listening TCP sockets of the network namespace that a process is in."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        except OSError:
            continue
        inodes |= {fields[9] for fields in map(str.split, lines) if fields[3] == LISTENING}
    return inodes


def listening_sockets(processes: list[Process]) -> list[tuple[int, str]]:
    """Which of `processes` holds a listening TCP socket, and which one."""
    return [(process.pid, inode) for process in processes
            for inode in sorted(socket_inodes(process.pid) & listening_inodes(process.pid))]
