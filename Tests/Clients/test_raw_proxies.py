# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The create call's `proxy`: a real SOCKS server, an HTTP proxy, right and wrong passwords."""

import base64
import contextlib
import socket
import socketserver
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from harness.cdp import connected, evaluate, open_page, visit
from harness.server import Server, free_port
from harness.waiting import eventually

USER, PASSWORD = "tenant", "pass:word/1"


class Microsocks:
    """Debian's `microsocks`, which wants a user and a password; `log` names where it connected."""

    def __init__(self):
        self.port = free_port()
        self.authority = f"127.0.0.1:{self.port}"
        self._log = Path(tempfile.mkstemp(prefix="fleet-socks-")[1])
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["microsocks", "-i", "127.0.0.1", "-p", str(self.port), "-u", USER,
                 "-P", PASSWORD], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(self._answers, 5, "microsocks listens")

    @property
    def log(self) -> str:
        return self._log.read_text()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(5)
        self._log.unlink()


class _HTTPProxy(socketserver.StreamRequestHandler):
    """Answers 407 without the password; with it, answers plain requests by itself."""

    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        if b"Basic " + wanted not in head:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n"
                             b'Proxy-Authenticate: Basic realm="x"\r\nConnection: close\r\n\r\n')
            return
        page = b"<title>by proxy</title>"
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(page), page))


@pytest.fixture(scope="module")
def socks():
    running = Microsocks()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def http_proxy():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _HTTPProxy)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def fleet(site, socks, http_proxy):
    """A server that lets browsers use the two proxies and the site."""
    server = Server(EGRESS_ALLOW=f"{site.authority},{socks.authority},{http_proxy}")
    yield server.start().fleet
    code = server.stop()
    server.remove()
    assert code == 0, server.log_end()


@pytest.fixture
def page(fleet):
    """Opens a page of a browser with that proxy."""
    made = []

    def opened(proxy):
        made.append(fleet.create(proxy=proxy))
        connection = stack.enter_context(connected(made[-1]["wss"]))
        return connection, open_page(connection)[1]

    with contextlib.ExitStack() as stack:
        yield opened
    for each in made:
        fleet.delete(each["id"])


def navigate(connection, session: str, url: str) -> str:
    """The network error of a navigation, or the text of what came."""
    connection.call("Page.enable", session=session)
    answer = connection.call("Page.navigate", {"url": url}, session, within=20)
    # Also that of Chromium's error page, which would pass for that of the next navigation.
    connection.event("Page.loadEventFired", within=20)
    if "errorText" in answer:
        return answer["errorText"]
    return evaluate(connection, session, "document.title + document.body.innerText")


def forms(proxy: str, scheme: str) -> list:
    quoted = PASSWORD.replace(":", "%3A").replace("/", "%2F")
    return [f"{scheme}://{USER}:{quoted}@{proxy}",
            {"server": f"{scheme}://{proxy}", "username": USER, "password": PASSWORD}]


@pytest.mark.parametrize("form", [0, 1], ids=["URL", "object"])
def test_pages_go_through_a_real_socks_server(page, socks, site, form):
    connection, session = page(forms(socks.authority, "socks5")[form])
    before = socks.log.count(f"connected to {site.authority}")
    assert visit(connection, session, site.url + "/socks") == "allowed"
    assert "/socks" in site.visits
    assert socks.log.count(f"connected to {site.authority}") > before
    answered = evaluate(connection, session, f"""new Promise(done => {{
        const socket = new WebSocket('ws://{site.authority}/by-tunnel');
        socket.onerror = socket.onclose = () => done(1)}})""")
    assert answered == 1
    assert "/by-tunnel" in site.visits, "a tunnel goes through it as well"


def test_what_is_bypassed_does_not_go_through_it(page, socks, site):
    connection, session = page({"server": f"socks5://{socks.authority}", "username": USER,
                                "password": PASSWORD, "bypass": "127.0.0.1"})
    before = socks.log
    assert visit(connection, session, site.url + "/bypassed") == "allowed"
    assert socks.log == before


def failures(fleet) -> int:
    return fleet.get("/api/stats").json()["errors"].get("proxy-authentication-failed", 0)


@pytest.mark.parametrize("scheme", ["socks5", "http"])
def test_a_wrong_password_is_a_clear_error_and_is_counted(page, fleet, socks, http_proxy, scheme):
    authority = socks.authority if scheme == "socks5" else http_proxy
    before = failures(fleet)
    connection, session = page(f"{scheme}://{USER}:wrong@{authority}")
    assert navigate(connection, session, "https://93.184.216.34/") == "net::ERR_PROXY_AUTH_UNSUPPORTED"
    said = navigate(connection, session, "http://93.184.216.34/")
    assert "proxy-authentication-failed" in said and "wrong" not in said
    assert failures(fleet) >= before + 2
    figures = fleet.get("/metrics").text
    assert 'browserfleet_egress_failed_total{reason="proxy-authentication-failed"}' in figures
    events = [event["method"] for event in connection.events]
    assert "Fetch.authRequired" not in events, "nobody is asked for a password"


def test_a_rendering_call_says_so_too(fleet, http_proxy):
    made = fleet.create(proxy=f"http://{USER}:wrong@{http_proxy}")
    answer = fleet.get(f"/browsers/{made['id']}/content", params={"url": "https://93.184.216.34/"})
    fleet.delete(made["id"])
    assert answer.status_code >= 400
    assert "ERR_PROXY_AUTH" in answer.json()["detail"]


def test_the_right_password_is_taken(page, http_proxy):
    connection, session = page(forms(http_proxy, "http")[0])
    assert "by proxy" in navigate(connection, session, "http://93.184.216.34/")
