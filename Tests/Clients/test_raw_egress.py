# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What a page reaches, and what of this machine it does not."""

import secrets
import tempfile
from pathlib import Path

import pytest

from harness.cdp import ProtocolError, connected, evaluate, open_page, visit
from harness.waiting import eventually


@pytest.fixture
def page(browser):
    """A client, its page and the session."""
    with connected(browser["wss"]) as connection:
        target, session = open_page(connection)
        yield connection, target, session


def navigate(connection, session: str, url: str) -> str:
    """The title of whatever came, or the network error."""
    connection.call("Page.enable", session=session)
    answer = connection.call("Page.navigate", {"url": url}, session, within=20)
    if "errorText" in answer:
        return answer["errorText"]
    connection.event("Page.loadEventFired", within=20)
    return evaluate(connection, session, "document.title")


def test_a_site_on_the_list_is_reached(page, site):
    connection, _, session = page
    assert visit(connection, session, site.url + "/reached") == "allowed"
    assert "/reached" in site.visits


def test_the_bytes_of_a_browser_are_counted(fleet, browser, page, site):
    connection, _, session = page
    visit(connection, session, site.url + "/bytes")

    def received() -> int:
        shown = fleet.describe(browser["id"])
        return min(shown["bytesIn"], shown["bytesOut"])

    assert eventually(received, 5, "bytes are shown") > 0


SPELLINGS = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]",
             "[::ffff:127.0.0.1]", "0.0.0.0", "127.1"]


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_site_off_the_list_is_not_reached_however_it_is_spelled(page, forbidden_site, host):
    connection, _, session = page
    visits = len(forbidden_site.visits)
    title = navigate(connection, session, f"http://{host}:{forbidden_site.port}/")
    assert title != "forbidden"
    assert len(forbidden_site.visits) == visits


@pytest.mark.parametrize("script", [
    "fetch('{url}', {{mode: 'no-cors'}}).then(() => 'came', () => 'failed')",
    "new Promise(r => {{const i = new Image(); i.onload = i.onerror = () => r('done');"
    " i.src = '{url}'}})",
    "new Promise(r => {{const w = new WebSocket('{url}'.replace('http', 'ws'));"
    " w.onopen = w.onerror = () => r('done')}})",
    "Promise.resolve(navigator.sendBeacon('{url}', 'x'))",
], ids=["fetch", "img", "ws", "beacon"])
def test_no_script_reaches_it_either(page, site, forbidden_site, script):
    connection, _, session = page
    visit(connection, session, site.url + "/")
    visits = len(forbidden_site.visits)
    evaluate(connection, session, script.format(url=forbidden_site.url + "/probe"), within=20)
    connection.listen(0.3)
    assert len(forbidden_site.visits) == visits


def test_the_server_itself_is_not_reached(page, fleet):
    connection, _, session = page
    navigate(connection, session, fleet.url + "/health")
    assert "serverId" not in evaluate(connection, session, "document.body?.innerText ?? ''")


def test_a_context_of_its_own_has_no_way_around(browser, forbidden_site):
    with connected(browser["wss"]) as connection, pytest.raises(ProtocolError, match="proxy"):
        connection.call("Target.createBrowserContext", {"proxyServer": "direct://"})
    assert forbidden_site.visits == []


# Files


def test_a_download_stays_in_the_jail(page, site):
    connection, _, session = page
    outside = Path(tempfile.gettempdir()) / f"fleet-escape-{secrets.token_hex(8)}"
    outside.mkdir()
    outside.chmod(0o777)
    try:
        visit(connection, session, site.url + "/")
        connection.call("Browser.setDownloadBehavior", {
            "behavior": "allow", "downloadPath": str(outside), "eventsEnabled": True})
        connection.send("Page.navigate", {"url": site.url + "/file"}, session)
        connection.event("Browser.downloadProgress", within=15,
                         where=lambda event: event["params"]["state"] in ("completed", "canceled"))
        assert list(outside.iterdir()) == []
    finally:
        for left in outside.iterdir():
            left.unlink()
        outside.rmdir()


@pytest.fixture
def canary():
    """A file of this machine that everybody may read, and what stands in it."""
    secret = "canary-" + secrets.token_hex(16)
    with tempfile.NamedTemporaryFile("w", prefix="fleet-canary-", suffix=".txt") as file:
        file.write(secret)
        file.flush()
        Path(file.name).chmod(0o644)
        yield file.name, secret


def test_a_file_of_the_machine_is_not_uploaded(page, site, canary):
    connection, _, session = page
    name, secret = canary
    visit(connection, session, site.url + "/")
    root = connection.call("DOM.getDocument", session=session)["root"]["nodeId"]
    field = connection.call("DOM.querySelector", {"nodeId": root, "selector": "#f"}, session)
    try:
        connection.call("DOM.setFileInputFiles",
                        {"files": [name], "nodeId": field["nodeId"]}, session)
    except ProtocolError:
        return
    read = ("(async () => {const f = document.querySelector('#f').files[0];"
            " try {return f ? await f.text() : ''} catch (e) {return String(e)}})()")
    assert secret not in evaluate(connection, session, read)


@pytest.mark.parametrize("address", ["file://{name}", "view-source:file://{name}"])
def test_a_file_of_the_machine_is_not_shown(page, canary, address):
    connection, _, session = page
    name, secret = canary
    try:
        navigate(connection, session, address.format(name=name))
    except (ProtocolError, TimeoutError):
        return
    assert secret not in evaluate(connection, session, "document.documentElement.outerHTML")


def test_the_command_line_is_not_told(browser):
    with connected(browser["wss"]) as connection:
        try:
            answer = connection.call("SystemInfo.getInfo")
        except ProtocolError:
            return
        assert "proxy-server=http" not in answer.get("commandLine", "")
        assert "@" not in answer.get("commandLine", "")
