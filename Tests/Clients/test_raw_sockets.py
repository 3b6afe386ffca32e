# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Sockets: several clients on one browser, what ends a connection, `/connect`, large results."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from harness import processes
from harness.cdp import (Connection, ProtocolError, connected, evaluate, open_page, page_ids,
                         refusal, visit)
from harness.waiting import eventually, stays

SETTINGS = {"DISCONNECT_GRACE": "2s", "WARM_BROWSERS": "2"}
FROZEN = Path(__file__).parent / "frozen_client.py"


@pytest.fixture
def two(browser):
    """Two clients on one browser."""
    first, second = Connection(browser["wss"]), Connection(browser["wss"])
    yield first, second
    first.close()
    second.close()


def lease_count(fleet) -> int:
    return fleet.get("/health").json()["activeSessions"]


# Two clients


def test_two_clients_each_see_their_own_sessions_only(two, site):
    first, second = two
    _, mine = open_page(first)
    _, theirs = open_page(second)
    assert visit(first, mine, site.url + "/first") == "allowed"
    assert visit(second, theirs, site.url + "/second") == "allowed"
    first.listen(0.2)
    second.listen(0.2)
    assert {each["sessionId"] for each in first.received if "sessionId" in each} == {mine}
    assert {each["sessionId"] for each in second.received if "sessionId" in each} == {theirs}


def test_numbers_of_calls_do_not_mix(two):
    first, second = two
    numbers = [(client, client.send("Runtime.evaluate", {"expression": "1"}, "nobody's"))
               for client in two for _ in range(20)]
    for client, number in numbers:
        with pytest.raises(ProtocolError):
            client.result(number)
    assert first.call("Browser.getVersion") == second.call("Browser.getVersion")


@pytest.mark.parametrize("spelling", ['"sessionId"', '"session\\u0049d"'])
def test_a_foreign_session_is_refused_however_it_is_spelled(two, spelling):
    first, second = two
    _, theirs = open_page(second)
    call = json.dumps({"id": 900, "method": "Runtime.evaluate",
                       "params": {"expression": "document.title = 'taken'"}})
    first.socket.send(f"{call[:-1]}, {spelling}: {json.dumps(theirs)}}}")
    with pytest.raises(ProtocolError):
        first.result(900)
    assert evaluate(second, theirs, "document.title") != "taken"


def test_an_empty_session_is_not_the_browsers_own(two):
    first, _ = two
    first.socket.send('{"id": 901, "method": "Target.getTargets", "sessionId": ""}')
    with pytest.raises(ProtocolError):
        first.result(901)


def test_a_stopped_client_that_attached_to_all_freezes_nobody(browser, site):
    frozen = subprocess.Popen([sys.executable, str(FROZEN), browser["wss"]],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert frozen.stdout.readline().strip() == "attached"
        os.kill(frozen.pid, signal.SIGSTOP)
        with connected(browser["wss"]) as other:
            began = time.monotonic()
            _, session = open_page(other)
            assert visit(other, session, site.url + "/") == "allowed"
            # The bridge lets a child wait for 2 s; the rest is this machine's.
            assert time.monotonic() - began < 6
    finally:
        frozen.kill()
        frozen.wait(5)


def test_a_client_that_stopped_reading_freezes_nobody(browser):
    with connected(browser["wss"]) as other:
        deaf = Connection(browser["wss"])
        _, session = open_page(deaf)
        for _ in range(12):  # 12 x 4 MB that nobody reads
            deaf.send("Runtime.evaluate", {"expression": "'x'.repeat(4e6)"}, session)
        for _ in range(50):
            assert other.call("Browser.getVersion", within=3)["product"]
        deaf.socket.socket.close()


def test_a_leaver_leaves_nothing(browser, site):
    with connected(browser["wss"]) as stayer:
        pages = page_ids(stayer)
        leaver = Connection(browser["wss"])
        context = leaver.call("Target.createBrowserContext")["browserContextId"]
        open_page(leaver, browserContextId=context)
        _, session = open_page(leaver)
        visit(leaver, session, site.url + "/")
        leaver.call("Fetch.enable", session=session)
        assert len(page_ids(stayer)) == len(pages) + 2
        leaver.close()
        eventually(lambda: page_ids(stayer) == pages, 5, "the leaver's pages are closed")
        contexts = stayer.call("Target.getBrowserContexts")["browserContextIds"]
        assert context not in contexts


@pytest.mark.parametrize(("method", "params", "named"), [
    ("Target.createBrowserContext", {"proxyServer": "127.0.0.1:1"}, "proxy"),
    ("Target.exposeDevToolsProtocol", {"targetId": "x"}, "exposeDevToolsProtocol"),
])
def test_what_would_outlive_or_escape_a_client_is_refused(two, method, params, named):
    with pytest.raises(ProtocolError, match=named):
        two[0].call(method, params)


def test_calls_in_flight_when_their_page_closes_are_all_answered(two):
    first, _ = two
    target, session = open_page(first)
    slow = {"expression": "new Promise(r => setTimeout(r, 30000))", "awaitPromise": True}
    numbers = [first.send("Runtime.evaluate", slow, session) for _ in range(200)]
    first.call("Target.closeTarget", {"targetId": target})
    for number in numbers:
        with pytest.raises(ProtocolError):
            first.result(number)


def test_an_alert_hangs_neither_the_screenshot_nor_the_others(fleet, browser, site):
    with connected(browser["wss"]) as connection:
        target, session = open_page(connection)
        connection.send("Page.navigate", {"url": site.url + "/alert"}, session)
        answer = fleet.get(f"/browsers/{browser['id']}/screenshot",
                           params={"targetId": target}, timeout=10)
        assert answer.status_code == 200, answer.text
        _, another = open_page(connection)
        assert evaluate(connection, another, "1 + 1") == 2


def test_a_dialog_nobody_answers_hangs_only_its_own_page(fleet, browser, site):
    with connected(browser["wss"]) as connection:
        _, session = open_page(connection)
        connection.call("Page.enable", session=session)
        connection.send("Page.navigate", {"url": site.url + "/alert"}, session)
        connection.event("Page.javascriptDialogOpening")
        answer = fleet.get(f"/browsers/{browser['id']}/screenshot",
                           params={"url": site.url + "/"}, timeout=10)
        assert answer.status_code == 200, answer.text
        _, another = open_page(connection)
        assert evaluate(connection, another, "1 + 1") == 2


# Large messages


def test_a_result_of_20_mb_arrives_whole(two):
    first, _ = two
    _, session = open_page(first)
    answer = first.call("Runtime.evaluate",
                        {"expression": "'abcdefgh'.repeat(2500000)"}, session, within=30)
    assert answer["result"]["value"] == "abcdefgh" * 2_500_000


def test_a_call_of_5_mb_arrives_whole(two):
    first, _ = two
    _, session = open_page(first)
    assert evaluate(first, session, "'" + "y" * 5_000_000 + "'.length", 30) == 5_000_000


# Paths


def test_a_page_has_a_socket_of_its_own(fleet, browser):
    with connected(browser["wss"]) as connection:
        target, _ = open_page(connection)
        url = browser["wss"].replace(browser["id"], f"{browser['id']}/devtools/page/{target}", 1)
        with connected(url) as page:
            answer = page.call("Runtime.evaluate", {"expression": "6*7"})
            assert answer["result"]["value"] == 42
        assert target in page_ids(connection)


def test_the_browser_answers_under_chromiums_own_path(fleet, browser):
    url = browser["wss"].replace("/browsers/", "/devtools/browser/", 1)
    with connected(url) as connection:
        assert connection.call("Browser.getVersion")["product"]


def test_an_unknown_page_is_refused_before_the_upgrade(browser):
    url = browser["wss"].replace(browser["id"], f"{browser['id']}/devtools/page/NONE", 1)
    status, document = refusal(url)
    assert status == 404 and document["code"]


# Ends


@pytest.mark.parametrize(("fields", "end", "code", "reason"), [
    ({}, lambda fleet, made: fleet.delete(made["id"]), 4000, "deleted"),
    ({"idleTimeoutMs": 1000}, None, 4001, "idle"),
    ({"maxLifetimeMs": 1500}, None, 4002, "lifetime"),
], ids=["deleted", "idle", "lifetime"])
def test_an_end_has_its_code_and_its_word(fleet, fields, end, code, reason):
    made = fleet.create(**fields)
    connection = Connection(made["wss"])
    assert connection.call("Browser.getVersion")["product"]
    if end is not None:
        end(fleet, made)
    assert connection.closed(within=6) == (code, reason)
    eventually(lambda: fleet.has_ended(made["id"]), 5, "the browser is a tombstone")
    assert reason in fleet.get(f"/browsers/{made['id']}").text


def test_traffic_counts_as_activity(fleet):
    made = fleet.create(idleTimeoutMs=1500)
    with connected(made["wss"]) as connection:
        stays(lambda: bool(connection.call("Browser.getVersion")), 3, "a busy client stays")
        assert connection.closed(within=6)[0] == 4001


def test_a_crashed_browser_says_so(start_server):
    server = start_server(WARM_BROWSERS="0")
    made = server.fleet.create()
    connection = Connection(made["wss"])
    mains = [each for each in processes.descendants(server.pid) if each.is_chromium()
             and not any("--type=" in word for word in each.command)]
    assert mains, "the browser's process was not found"
    for each in mains:
        os.kill(each.pid, signal.SIGKILL)
    assert connection.closed(within=6) == (4003, "crashed")
    assert "crashed" in server.fleet.get(f"/browsers/{made['id']}").text


def test_browser_close_is_answered_and_ends_the_lease(fleet):
    made = fleet.create()
    closer, other = Connection(made["wss"]), Connection(made["wss"])
    assert closer.call("Browser.close") == {}
    for connection in (closer, other):
        code, _ = connection.closed(within=6)
        assert code == 1000 or code >= 4000
    eventually(lambda: fleet.has_ended(made["id"]), 5, "the browser is a tombstone")


def test_a_protocol_error_closes_only_its_own_client(two):
    first, second = two
    first.socket.send("this is not JSON")
    code, reason = first.closed(within=6)
    assert code == 4006 and reason
    assert second.call("Browser.getVersion")["product"]


# Leaving and coming back


def test_a_created_browser_outlives_its_clients(fleet, browser):
    for _ in range(3):
        with connected(browser["wss"]) as connection:
            assert connection.call("Browser.getVersion")["product"]
    stays(lambda: not fleet.has_ended(browser["id"]), 3, "longer than the grace of /connect")


def one_with(fleet, mark: str) -> dict:
    found = [each for each in fleet.get("/browsers").json()["browsers"]
             if each.get("metadata", {}).get("mark") == mark]
    assert len(found) == 1, found
    return found[0]


def connect_url(fleet, mark: str, **query) -> str:
    fields = {"metadata.mark": mark, **query}
    return f"{fleet.socket_url}/connect?{urlencode(fields)}"


def test_connect_makes_a_browser_that_ends_after_the_grace(fleet):
    connection = Connection(connect_url(fleet, "grace"), fleet.headers)
    assert connection.call("Browser.getVersion")["product"]
    made = one_with(fleet, "grace")
    connection.close()
    eventually(lambda: fleet.has_ended(made["id"]), 8, "the browser ended after the grace")
    assert "disconnected" in fleet.get(f"/browsers/{made['id']}").text


def test_a_client_comes_back_within_the_grace(fleet):
    first = Connection(connect_url(fleet, "back"), fleet.headers)
    made = fleet.describe(one_with(fleet, "back")["id"])
    first.close()
    second = Connection(made["wss"])
    stays(lambda: not fleet.has_ended(made["id"]), 3, "the grace was called off")
    assert second.call("Browser.getVersion")["product"]
    second.close()
    eventually(lambda: fleet.has_ended(made["id"]), 8, "the browser ended after the second grace")


def test_connect_with_keep_alive_waits_as_long_as_it_was_told(fleet):
    Connection(connect_url(fleet, "keep", keepAliveMs=20000), fleet.headers).close()
    made = one_with(fleet, "keep")
    stays(lambda: not fleet.has_ended(made["id"]), 3.5, "longer than the grace")
    fleet.delete(made["id"])


def test_connect_refuses_bad_fields_before_the_upgrade(fleet):
    leases = lease_count(fleet)
    status, document = refusal(f"{fleet.socket_url}/connect?colour=red", fleet.headers)
    assert status in (400, 422) and "colour" in document["detail"]
    status, _ = refusal(f"{fleet.socket_url}/connect")
    assert status == 401
    assert lease_count(fleet) == leases


def test_a_page_that_a_client_makes_has_the_size_of_the_create_call(fleet):
    made = fleet.create(viewport={"width": 700, "height": 500})
    with connected(made["wss"]) as connection:
        for asked, expected in (({}, 700), ({"width": 900, "height": 600}, 900)):
            _, session = open_page(connection, **asked)
            answer = connection.call(
                "Runtime.evaluate", {"expression": "innerWidth"}, session)
            assert answer["result"]["value"] == expected, asked
    fleet.delete(made["id"])


def test_a_server_that_goes_says_goodbye(start_server):
    server = start_server(DRAIN_TIMEOUT="1s")
    made = server.fleet.create()
    connection = Connection(made["wss"])
    server.process.terminate()
    code, reason = connection.closed(within=10)
    assert code == 1001 and reason
    assert server.process.wait(10) == 0
