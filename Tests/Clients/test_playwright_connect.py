# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Playwright for Python, unchanged: by http URL, by WebSocket URL, two at once, one stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

from harness.waiting import eventually, stays

FROZEN = Path(__file__).parent / "frozen_playwright.py"


@pytest.fixture(scope="module")
def chromium():
    """Playwright's driver, once for all tests."""
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture
def remote(chromium, browser):
    """A connected Playwright browser."""
    connected = chromium.connect_over_cdp(browser["wss"])
    yield connected
    connected.close()


def title_of(connected, url: str) -> str:
    page = connected.new_page()
    page.goto(url)
    title = page.title()
    page.close()
    return title


def test_it_connects_by_the_http_url_with_the_key_in_a_header(chromium, fleet, browser, site):
    url = f"{fleet.url}/browsers/{browser['id']}"
    connected = chromium.connect_over_cdp(url, headers=fleet.headers)
    assert title_of(connected, site.url) == "allowed"
    connected.close()


def test_it_connects_by_the_socket_url_alone(remote, site):
    assert title_of(remote, site.url) == "allowed"


def test_it_finds_the_page_that_is_there(remote, site):
    context = remote.contexts[0]
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(site.url)
    assert page.title() == "allowed"


def test_it_works_a_page(remote, site):
    page = remote.new_page()
    page.goto(site.url)
    page.click("#b")
    assert page.inner_text("#b") == "pressed"
    assert page.evaluate("[1, 2, 3].map(n => n * n)") == [1, 4, 9]
    assert page.screenshot(full_page=True).startswith(b"\x89PNG")
    assert page.pdf().startswith(b"%PDF-")
    page.set_viewport_size({"width": 640, "height": 480})
    assert page.evaluate("innerWidth") == 640
    with page.expect_popup() as popup:
        page.evaluate("void window.open('about:blank#popup')")
    assert popup.value.evaluate("location.hash") == "#popup"


def test_it_answers_requests_itself(remote, site):
    page = remote.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<title>made up</title>",
                                                   content_type="text/html"))
    page.goto(site.url + "/routed")
    assert page.title() == "made up"
    assert "/routed" not in site.visits


def test_it_answers_dialogs(remote, site):
    page = remote.new_page()
    seen = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.accept()))
    page.goto(site.url)
    page.evaluate("alert('stop')")
    assert seen == ["stop"]


def test_contexts_are_apart(remote, site):
    one, other = remote.new_context(), remote.new_context(locale="de-DE")
    pages = [one.new_page(), other.new_page()]
    for page in pages:
        page.goto(site.url)
    pages[0].evaluate("document.cookie = 'a=b'")
    assert pages[1].evaluate("document.cookie") == ""
    assert pages[1].evaluate("navigator.language") == "de-DE"


def test_a_context_with_a_proxy_is_refused_with_what_to_do(remote):
    with pytest.raises(Error, match="proxy"):
        remote.new_context(proxy={"server": "http://127.0.0.1:1"})


def test_a_result_of_20_mb_arrives_whole(remote):
    page = remote.new_page()
    assert page.evaluate("'abcdefgh'.repeat(2500000)") == "abcdefgh" * 2_500_000


def test_a_download_begins_and_stays_away_from_here(remote, site):
    page = remote.new_page()
    page.goto(site.url)
    with page.expect_download() as download:
        page.evaluate(f"void (location.href = '{site.url}/file')")
    assert download.value.suggested_filename == "four-kib.bin"


def test_two_at_once_are_apart(chromium, browser, site):
    one, other = (chromium.connect_over_cdp(browser["wss"]) for _ in range(2))
    first, second = one.new_page(), other.new_page()
    for page, name in ((first, "first"), (second, "second")):
        page.goto(f"{site.url}/{name}")
        page.evaluate(f"document.title = '{name}'")
    assert (first.title(), second.title()) == ("first", "second")
    one.close()
    assert second.evaluate("document.title") == "second"
    other.close()


def test_a_leaver_leaves_nothing(chromium, fleet, browser, site):
    def pages() -> int:
        return len(fleet.get(f"/browsers/{browser['id']}/json/list").json())

    before = pages()
    leaver = chromium.connect_over_cdp(browser["wss"])
    leaver.new_context().new_page().goto(site.url)
    leaver.contexts[0].new_page()
    assert pages() >= before + 2
    leaver.close()
    eventually(lambda: pages() == before, 5, "its pages are closed")


def test_a_stopped_playwright_freezes_nobody(chromium, browser, site):
    frozen = subprocess.Popen(
        [sys.executable, str(FROZEN), browser["wss"]], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert frozen.stdout.readline().strip() == "attached"
        os.killpg(frozen.pid, signal.SIGSTOP)
        other = chromium.connect_over_cdp(browser["wss"], timeout=10_000)
        began = time.monotonic()
        assert title_of(other, site.url) == "allowed"
        assert time.monotonic() - began < 8
        other.close()
    finally:
        os.killpg(frozen.pid, signal.SIGKILL)
        frozen.wait(5)


def test_it_comes_back_to_the_same_browser(chromium, fleet, browser):
    versions = set()
    for _ in range(3):
        connected = chromium.connect_over_cdp(browser["wss"])
        versions.add(connected.version)
        connected.close()
    assert len(versions) == 1
    stays(lambda: not fleet.has_ended(browser["id"]), 0.5, "it lives on without a client")


def test_it_hears_of_the_end(chromium, fleet):
    made = fleet.create()
    connected = chromium.connect_over_cdp(made["wss"])
    gone = []
    connected.on("disconnected", lambda _: gone.append(True))
    page = connected.new_page()
    fleet.delete(made["id"])
    with pytest.raises(Error):
        page.wait_for_timeout(5000)
        page.evaluate("1")
    assert gone and not connected.is_connected()


def test_one_url_is_enough(chromium, fleet, site):
    connected = chromium.connect_over_cdp(f"{fleet.socket_url}/connect", headers=fleet.headers)
    assert title_of(connected, site.url) == "allowed"
    connected.close()


def test_a_wrong_key_is_told_before_the_upgrade(chromium, fleet, browser):
    with pytest.raises(Error, match="401"):
        chromium.connect_over_cdp(
            f"{fleet.socket_url}/browsers/{browser['id']}", headers={"X-API-Key": "wrong"})
