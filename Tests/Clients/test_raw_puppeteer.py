# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Puppeteer's wire pattern: the calls, filters and order that its CDP code has.

Puppeteer discovers all targets, attaches by itself to tabs (never to pages at the top), then in
each tab's session to the page below it, while each waits to be told to run. So sessions nest:
browser, tab, page, frames and workers.
"""

import base64

import pytest

from harness.cdp import ProtocolError, connected, evaluate
from harness.waiting import eventually

AUTO_ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
EVERYTHING = [{}]
NO_PAGES = [{"type": "page", "exclude": True}, {}]


class Puppet:
    """Follows targets as Puppeteer does."""

    def __init__(self, connection):
        self.connection = connection
        self.targets: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        connection.on_event = self._on_event
        self.contexts = connection.call("Target.getBrowserContexts")["browserContextIds"]
        connection.call("Target.setDiscoverTargets", {"discover": True, "filter": EVERYTHING})
        connection.call("Target.setAutoAttach", {**AUTO_ATTACH, "filter": NO_PAGES})

    def _on_event(self, message: dict) -> None:
        method, params = message["method"], message["params"]
        if method == "Target.targetCreated":
            self.targets[params["targetInfo"]["targetId"]] = params["targetInfo"]["type"]
        elif method == "Target.targetDestroyed":
            self.targets.pop(params["targetId"], None)
        elif method == "Target.attachedToTarget":
            session = params["sessionId"]
            self.sessions[params["targetInfo"]["targetId"]] = session
            self.connection.send(
                "Target.setAutoAttach", {**AUTO_ATTACH, "filter": EVERYTHING}, session)
            self.connection.send("Runtime.runIfWaitingForDebugger", session=session)

    def new_page(self, context: str | None = None) -> "PuppetPage":
        wish = {"url": "about:blank"} | ({"browserContextId": context} if context else {})
        target = self.connection.call("Target.createTarget", wish)["targetId"]
        if target not in self.sessions:
            self.connection.event(
                "Target.attachedToTarget",
                where=lambda event: event["params"]["targetInfo"]["targetId"] == target)
        return PuppetPage(self.connection, target, self.sessions[target])


class PuppetPage:
    """A page with the domains on that Puppeteer turns on, all sent before the first answer."""

    WORLD = "__puppeteer_utility_world__"

    def __init__(self, connection, target: str, session: str):
        self.connection, self.target, self.session = connection, target, session
        sent = [connection.send(method, params, session) for method, params in self._greeting()]
        answers = [connection.result(number) for number in sent]
        self.frame = next(each["frameTree"]["frame"]["id"] for each in answers
                          if "frameTree" in each)
        connection.call("Page.createIsolatedWorld", {
            "frameId": self.frame, "worldName": self.WORLD, "grantUniveralAccess": True}, session)

    def _greeting(self) -> list[tuple[str, dict]]:
        return [("Network.enable", {}), ("Page.enable", {}), ("Page.getFrameTree", {}),
                ("Page.setLifecycleEventsEnabled", {"enabled": True}), ("Runtime.enable", {}),
                ("Page.addScriptToEvaluateOnNewDocument",
                 {"source": "//# sourceURL=x", "worldName": self.WORLD}),
                ("Performance.enable", {}), ("Log.enable", {}),
                ("Emulation.setDeviceMetricsOverride", {
                    "mobile": False, "width": 800, "height": 600, "deviceScaleFactor": 1}),
                ("Emulation.setTouchEmulationEnabled", {"enabled": False})]

    def goto(self, url: str) -> None:
        answer = self.connection.call(
            "Page.navigate", {"url": url, "frameId": self.frame}, self.session)
        loader = answer["loaderId"]
        self.connection.event("Page.lifecycleEvent", where=lambda event: (
            event["params"]["name"] == "load" and event["params"]["loaderId"] == loader))

    def evaluate(self, expression: str):
        return evaluate(self.connection, self.session, expression)

    def close(self) -> None:
        self.connection.call("Target.closeTarget", {"targetId": self.target})
        self.connection.event(
            "Target.targetDestroyed",
            where=lambda event: event["params"]["targetId"] == self.target)


@pytest.fixture
def puppet(browser):
    """A client that behaves like Puppeteer."""
    with connected(browser["wss"]) as connection:
        yield Puppet(connection)


def test_the_pages_that_were_there_are_attached_through_their_tabs(puppet):
    pages = {target for target, kind in puppet.targets.items() if kind == "page"}
    assert pages, "a browser begins with one page"
    for page in pages - set(puppet.sessions):
        puppet.connection.event(
            "Target.attachedToTarget",
            where=lambda event, page=page: event["params"]["targetInfo"]["targetId"] == page)
    assert pages <= set(puppet.sessions)


def test_a_page_is_made_loaded_read_and_closed(puppet, site):
    page = puppet.new_page()
    page.goto(site.url + "/puppet")
    assert page.evaluate("document.title") == "allowed"
    page.close()


def test_a_context_is_made_and_disposed_of(puppet, site):
    context = puppet.connection.call("Target.createBrowserContext")["browserContextId"]
    page = puppet.new_page(context)
    page.goto(site.url + "/")
    page.evaluate("document.cookie = 'a=b'")
    assert page.evaluate("document.cookie") == "a=b"
    puppet.connection.call("Target.disposeBrowserContext", {"browserContextId": context})
    contexts = puppet.connection.call("Target.getBrowserContexts")["browserContextIds"]
    assert context not in contexts


def test_a_popup_waits_for_its_debugger_and_then_runs(puppet, site):
    page = puppet.new_page()
    page.goto(site.url + "/")
    before = set(puppet.sessions)
    page.evaluate("void window.open('about:blank#popup')")
    puppet.connection.event(
        "Target.attachedToTarget",
        where=lambda event: event["params"]["targetInfo"]["type"] == "page"
        and event["params"]["targetInfo"]["targetId"] not in before)
    popup = next(each for each in set(puppet.sessions) - before if puppet.targets[each] == "page")
    answer = evaluate(puppet.connection, puppet.sessions[popup], "location.hash")
    assert answer == "#popup"


def test_a_worker_is_attached_below_its_page(puppet, site):
    page = puppet.new_page()
    page.goto(site.url + "/")
    page.evaluate("void (window.w = new Worker(URL.createObjectURL("
                  "new Blob(['self.answer = 42'], {type: 'text/javascript'}))))")
    event = puppet.connection.event(
        "Target.attachedToTarget",
        where=lambda event: event["params"]["targetInfo"]["type"] == "worker")
    assert event["sessionId"] == page.session
    worker = event["params"]["sessionId"]
    eventually(lambda: evaluate(puppet.connection, worker, "self.answer") == 42, 5,
               "the worker's script ran")


def test_requests_are_intercepted_and_answered(puppet, site):
    page = puppet.new_page()
    connection = puppet.connection

    def answer(message):
        puppet._on_event(message)
        if message["method"] == "Fetch.requestPaused":
            connection.send("Fetch.fulfillRequest", {
                "requestId": message["params"]["requestId"], "responseCode": 200,
                "responseHeaders": [{"name": "Content-Type", "value": "text/html"}],
                "body": base64.b64encode(b"<title>made up</title>").decode()}, page.session)

    connection.on_event = answer
    connection.call("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}, page.session)
    page.goto(site.url + "/intercepted")
    assert page.evaluate("document.title") == "made up"
    assert "/intercepted" not in site.visits


def test_two_puppets_do_not_wait_for_each_other(browser, site):
    with connected(browser["wss"]) as one, connected(browser["wss"]) as other:
        first, second = Puppet(one), Puppet(other)
        pages = [first.new_page(), second.new_page()]
        for page in pages:
            page.goto(site.url + "/")
            assert page.evaluate("document.title") == "allowed"


def test_a_screenshot_is_taken(puppet, site):
    page = puppet.new_page()
    page.goto(site.url + "/")
    answer = puppet.connection.call("Page.captureScreenshot", {"format": "png"}, page.session)
    assert base64.b64decode(answer["data"]).startswith(b"\x89PNG")


def test_a_session_that_is_gone_answers_with_an_error(puppet):
    page = puppet.new_page()
    page.close()
    with pytest.raises(ProtocolError):
        puppet.connection.call("Runtime.evaluate", {"expression": "1"}, page.session)
