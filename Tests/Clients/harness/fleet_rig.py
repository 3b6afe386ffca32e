# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A real fleet on hosts of its own: gateways and servers that can be killed, stopped and cut off."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

from .namespaces import Host, Switch
from .rest import Fleet
from .server import KEY, Server
from .waiting import eventually

PORT = 3000
INTERNAL = "internal-key-of-the-test-0123456789"
DRAIN = 2.0
# What a server may take after its grace.
AFTERWARDS = 5.0
READY_LIMIT = 20.0


class Member(Server):
    """A gateway or a server on a host; it is started again with the same name and data."""

    def __init__(self, host: Host, name: str, **settings):
        super().__init__(*host.wrapper, **({
            "HOST": host.address, "PORT": PORT, "SERVER_URL": f"http://{host.address}:{PORT}",
            "DOMAIN": name, "SERVER_ID": name, "INTERNAL_API_KEY": INTERNAL,
            "DRAIN_TIMEOUT": f"{DRAIN:g}s", "STORE": "memory:",
        } | settings))
        self.host = host
        self.name = name
        self._is_paused = False

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.host.address}:{PORT}"

    def pause(self) -> None:
        """Stops the process as it stands; its browsers go on."""
        self._is_paused = True
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on as if no time had passed."""
        if self._is_paused and self.is_running():
            os.kill(self.pid, signal.SIGCONT)
        self._is_paused = False

    def end(self) -> None:
        """Ends it, whatever was done to it."""
        self.resume()
        try:
            self.stop()
        finally:
            self.remove()


class FleetRig:
    """Gateways that know of all servers: servers report to the first ones, the last ones ask."""

    def __init__(self, switch: Switch, servers: int = 3, reporting: int = 1, asking: int = 0,
                 **settings):
        doors = [switch.host(f"g{number}") for number in range(1, reporting + asking + 1)]
        urls = ",".join(f"http://{host.address}:{PORT}" for host in doors[:reporting])
        self.servers = [
            Member(switch.host(f"s{number}"), f"server{number}.test",
                   **({"ROLE": "node", "GATEWAYS": urls, "MAX_BROWSERS": 4} | settings))
            for number in range(1, servers + 1)]
        listed = ",".join(f"{each.name}={each.url}" for each in self.servers)
        self.gateways = [
            Member(host, f"gateway{number}.test",
                   **({"ROLE": "gateway", "MAX_BROWSERS": "", "WARM_BROWSERS": "",
                       "SERVERS": "" if number <= reporting else listed} | settings))
            for number, host in enumerate(doors, 1)]

    @property
    def fleet(self) -> Fleet:
        """The first gateway."""
        return self.gateways[0].fleet

    @property
    def members(self) -> list[Member]:
        """All of them."""
        return self.gateways + self.servers

    def start(self) -> "FleetRig":
        """Starts everything and returns when every gateway gives creates to every server."""
        with ThreadPoolExecutor() as threads:
            list(threads.map(Member.start, self.members))
        self.await_active()
        return self

    def renew_gateways(self) -> None:
        """Has new processes in the gateways' places, which have given up nobody yet."""
        for gateway in self.gateways:
            gateway.kill()
        with ThreadPoolExecutor() as threads:
            list(threads.map(Member.start, self.gateways))
        self.await_active()

    def await_active(self, *servers: Member, within: float = READY_LIMIT) -> None:
        """Waits until every gateway gives creates to these servers, or to all."""
        for gateway in self.gateways:
            for server in servers or self.servers:
                eventually(lambda: status(gateway.fleet, server) == "active", within,
                           f"{server.name} is active at {gateway.name}")

    def end(self) -> None:
        """Ends all; one that cannot be ended in peace does not keep the others."""
        with ThreadPoolExecutor() as threads:
            faults = [each.exception() for each in
                      [threads.submit(member.end) for member in self.members]]
        assert not any(faults), [each for each in faults if each]


def status(fleet: Fleet, server: Member) -> str:
    """What a gateway thinks of a server."""
    answer = fleet.get(f"/servers/{server.name}", timeout=2)
    return answer.json()["status"] if answer.status_code == 200 else "never-connected"


def through(gateway: Member, browser: dict) -> str:
    """The `wss` of a browser, by way of a gateway."""
    return gateway.fleet.socket_url + browser["wss"].split(f":{PORT}", 1)[1]


def own_session(member: Member) -> Fleet:
    """A member's REST for a thread of its own: sessions are for one thread."""
    return Fleet(member.url, KEY)


def percentile(samples: list[float], share: float) -> float:
    """The sample below which that share of them lies, itself one of them."""
    return sorted(samples)[min(len(samples) - 1, int(share * len(samples)))]


def told(what: str, samples: list[float]) -> str:
    """A line with the figures of samples, in seconds."""
    return (f"{what}: {len(samples)} samples, p50 {percentile(samples, 0.5):.2f} s, "
            f"p99 {percentile(samples, 0.99):.2f} s, most {max(samples):.2f} s")
