# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""pydoll, which opens a socket per page and drops the path it was given for that."""

import asyncio

import pytest
from pydoll.browser import Chrome

LIMIT = 40


def run(scenario) -> None:
    asyncio.run(asyncio.wait_for(scenario, LIMIT))


@pytest.mark.parametrize("path", ["/browsers/", "/devtools/browser/"])
def test_it_loads_and_reads_a_page(browser, site, path):
    async def scenario():
        remote = Chrome()
        tab = await remote.connect(browser["wss"].replace("/browsers/", path, 1))
        await tab.go_to(site.url + "/doll")
        assert await tab.title() == "allowed"
        button = await tab.find(id="b")
        await button.click()
        assert await button.text() == "pressed"
        await remote.close()

    run(scenario())


def test_it_opens_and_closes_tabs(browser, site):
    async def scenario():
        remote = Chrome()
        await remote.connect(browser["wss"])
        tab = await remote.new_tab(site.url + "/")
        assert await tab.title() == "allowed"
        await tab.close()
        await remote.close()

    run(scenario())


def test_two_at_once_are_apart(browser, site):
    async def scenario():
        both = [Chrome(), Chrome()]
        for each in both:
            await each.connect(browser["wss"])
        tabs = [await each.new_tab(site.url + "/") for each in both]
        assert [await tab.title() for tab in tabs] == ["allowed", "allowed"]
        await both[0].close()
        assert await tabs[1].title() == "allowed"
        await both[1].close()

    run(scenario())
