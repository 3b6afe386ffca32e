# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""pyppeteer, Puppeteer's port to Python, by `browserWSEndpoint`."""

import asyncio
import contextlib

import pytest
from pyppeteer import connect
from pyppeteer.errors import NetworkError

from harness.waiting import eventually

LIMIT = 40


@pytest.fixture
def run():
    """Runs a scenario on a loop that stays the current one, as pyppeteer expects."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield lambda scenario: loop.run_until_complete(asyncio.wait_for(scenario, LIMIT))
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)


def test_it_loads_reads_and_shoots_a_page(run, browser, site):
    async def scenario():
        connected = await connect(browserWSEndpoint=browser["wss"])
        page = await connected.newPage()
        await page.goto(site.url + "/")
        assert await page.title() == "allowed"
        await page.click("#b")
        assert await page.querySelectorEval("#b", "b => b.textContent") == "pressed"
        assert (await page.screenshot()).startswith(b"\x89PNG")
        await page.close()
        await connected.disconnect()

    run(scenario())


def test_its_contexts_are_apart(run, browser, site):
    async def scenario():
        connected = await connect(browserWSEndpoint=browser["wss"])
        context = await connected.createIncognitoBrowserContext()
        page = await context.newPage()
        await page.goto(site.url + "/")
        await page.evaluate("() => {document.cookie = 'a=b'}")
        other = await connected.newPage()
        await other.goto(site.url + "/")
        assert await other.evaluate("() => document.cookie") == ""
        await context.close()
        await connected.disconnect()

    run(scenario())


def test_two_at_once_are_apart(run, browser, site):
    async def scenario():
        both = [await connect(browserWSEndpoint=browser["wss"]) for _ in range(2)]
        pages = [await each.newPage() for each in both]
        await asyncio.gather(*(page.goto(site.url + "/") for page in pages))
        assert [await page.title() for page in pages] == ["allowed", "allowed"]
        await both[0].disconnect()
        assert await pages[1].evaluate("() => 6 * 7") == 42
        await both[1].disconnect()

    run(scenario())


def test_a_large_result_arrives_whole(run, browser):
    async def scenario():
        connected = await connect(browserWSEndpoint=browser["wss"])
        page = await connected.newPage()
        assert await page.evaluate("() => 'abcdefgh'.repeat(500000)") == "abcdefgh" * 500_000
        await connected.disconnect()

    run(scenario())


def test_closing_the_browser_ends_the_lease(run, fleet, browser):
    async def scenario():
        connected = await connect(browserWSEndpoint=browser["wss"])
        # The connection may end before its last answer was read.
        with contextlib.suppress(NetworkError):
            await connected.close()

    run(scenario())
    eventually(lambda: fleet.has_ended(browser["id"]), 5, "the browser is a tombstone")
