# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What a page reaches, and what of this machine it does not."""

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
