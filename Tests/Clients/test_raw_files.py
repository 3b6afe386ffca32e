# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 20: no canary byte is read by 30 file probes; no file appears outside the jail.

A probe may do what it likes; then the canary must be in no message that the browser has sent.
"""

import contextlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import processes
from harness.cdp import Connection, ProtocolError, connected, evaluate, open_page, visit
from harness.waiting import eventually

# One browser only, so that its processes are found without doubt.
SETTINGS = {"WARM_BROWSERS": "0"}
READABLE = "/usr/lib/os-release"
"""A file that the jail does have: what a probe that works gives."""
SHOW = "document.documentElement ? document.documentElement.outerHTML : ''"
MOMENT = 0.2
FILE_TEXT = ("(async () => {const f = document.querySelector('#f').files[0];"
             " try {return f ? await f.text() : ''} catch (e) {return String(e)}})()")


@dataclass(frozen=True)
class Canary:
    """A file of this machine that everybody may read, and what stands in it."""

    path: str
    secret: str


@pytest.fixture(scope="module")
def canary(server):
    """A canary in the server's own folder."""
    found = Canary(str(server.folder / "canary.txt"), "canary-" + secrets.token_hex(16))
    Path(found.path).write_text(found.secret)
    Path(found.path).chmod(0o644)
    return found


class Prober:
    """A client with a page, and everything the browser said to it."""

    def __init__(self, connection: Connection, site):
        self.connection, self.site = connection, site
        self.target, self.session = open_page(connection)
        visit(connection, self.session, site.url + "/")

    def call(self, method: str, **params) -> dict:
        return self.connection.call(method, params, self.session, within=5)

    def open(self, url: str) -> None:
        """Opens a place; gives it a moment unless Chromium refuses at once."""
        if "errorText" not in self.call("Page.navigate", url=url):
            self.connection.listen(MOMENT)

    def show(self, url: str) -> None:
        """Opens a place and reads what it shows."""
        self.open(url)
        self.evaluate(SHOW)

    def evaluate(self, expression: str) -> None:
        evaluate(self.connection, self.session, expression, within=5)

    def upload(self, path: str) -> None:
        """Puts a file into the page's input and reads it there."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector="#f")["nodeId"]
        self.call("DOM.setFileInputFiles", files=[path], nodeId=node)
        self.evaluate(FILE_TEXT)

    def drop(self, path: str) -> None:
        """Drops a file on the page, which reads it."""
        self.evaluate("""document.body.style.height = '400px';
            document.ondragover = e => e.preventDefault();
            document.ondrop = e => {e.preventDefault(); const f = e.dataTransfer.files[0];
                f && f.text().then(t => document.title = t, String)}; 1""")
        data = {"items": [], "files": [path], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=kind, x=50, y=50, data=data)
        self.connection.listen(MOMENT)
        self.evaluate("document.title")

    def resource(self, url: str) -> None:
        """Has the browser load a resource for DevTools and reads the stream."""
        answer = self.call("Network.loadNetworkResource", url=url, frameId=self.frame,
                           options={"disableCache": True, "includeCredentials": False})
        if stream := answer["resource"].get("stream"):
            self.call("IO.read", handle=stream)

    def redirected(self, url: str) -> None:
        """Lets a request be answered by a redirect to the place."""
        self.call("Fetch.enable", patterns=[{"urlPattern": "*/redirect"}])
        self.connection.send("Page.navigate", {"url": self.site.url + "/redirect"}, self.session)
        request = self.connection.event("Fetch.requestPaused")["params"]["requestId"]
        self.call("Fetch.fulfillRequest", requestId=request, responseCode=302,
                  responseHeaders=[{"name": "Location", "value": url}])
        self.connection.listen(MOMENT)
        self.evaluate(SHOW)

    def sent_elsewhere(self, url: str) -> None:
        """Lets a request go on to the place."""
        self.call("Fetch.enable")
        self.connection.send("Runtime.evaluate", {
            "expression": "fetch('/x').then(r => r.text())", "awaitPromise": True}, self.session)
        request = self.connection.event("Fetch.requestPaused")["params"]["requestId"]
        self.call("Fetch.continueRequest", requestId=request, url=url)
        self.connection.listen(MOMENT)

    def target_at(self, url: str) -> None:
        """Makes a page at the place and reads it."""
        _, session = open_page(self.connection, url)
        for _ in range(10):
            self.connection.listen(MOMENT)
            evaluate(self.connection, session, SHOW)
            if evaluate(self.connection, session, "location.href") != "about:blank":
                break

    def snapshot(self, url: str) -> None:
        """Saves the place as one document."""
        self.open(url)
        self.call("Page.captureSnapshot")

    def printed(self, url: str) -> None:
        """Prints the place and reads the stream."""
        self.open(url)
        stream = self.call("Page.printToPDF", transferMode="ReturnAsStream").get("stream")
        self.call("IO.read", handle=stream)

    def content(self, url: str) -> None:
        """Asks for the place as a resource of the page."""
        self.open(url)
        self.call("Page.getResourceContent", frameId=self.frame, url=url)

    def extension(self, path: str) -> None:
        """Loads a folder as an extension."""
        self.connection.call("Extensions.loadUnpacked", {"path": str(Path(path).parent)})

    @property
    def frame(self) -> str:
        return self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]


def by_script(text: str):
    """A probe that runs in the page."""
    return lambda prober, path: prober.evaluate(
        f"(async () => {{{text.replace('{url}', 'file://' + path)}}})().catch(String)")


def by_element(html: str):
    """A probe that puts an element into the page and reads what the page sees of it."""
    return by_script("const d = document.createElement('div'); d.innerHTML = `" + html + "`;"
                     "document.body.append(d); await new Promise(r => setTimeout(r, 300));"
                     "return document.documentElement.outerHTML + [...frames].map(f => {try {"
                     "return f.document.body.outerHTML} catch (e) {return e}})")


PROBES = {
    "upload": lambda p, path: p.upload(path),
    "upload by dots": lambda p, path: p.upload("/usr/.." + path),
    "upload by a URL": lambda p, path: p.upload("file://" + path),
    "upload by /proc/self/root": lambda p, path: p.upload("/proc/self/root" + path),
    "upload by /proc/1/root": lambda p, path: p.upload("/proc/1/root" + path),
    "upload by /proc/self/cwd": lambda p, path: p.upload("/proc/self/cwd/../../.." + path),
    "upload of the folder": lambda p, path: p.upload(str(Path(path).parent)),
    "drop": lambda p, path: p.drop(path),
    "open": lambda p, path: p.show("file://" + path),
    "open with a host": lambda p, path: p.show("file://localhost" + path),
    "open by dots": lambda p, path: p.show("file:///usr/.." + path),
    "open, escaped": lambda p, path: p.show("file://" + path.replace("/", "/%2e/")),
    "open by /proc/self/root": lambda p, path: p.show("file:///proc/self/root" + path),
    "open by /proc/1/root": lambda p, path: p.show("file:///proc/1/root" + path),
    "open by /proc/self/fd": lambda p, path: [p.show(f"file:///proc/self/fd/{n}") for n in (3, 9)],
    "open the folder": lambda p, path: p.show("file://" + str(Path(path).parent)),
    "view-source": lambda p, path: p.show("view-source:file://" + path),
    "filesystem URL": lambda p, path: p.show("filesystem:file://" + path),
    "a page made for it": lambda p, path: p.target_at("file://" + path),
    "redirect": lambda p, path: p.redirected("file://" + path),
    "a request sent elsewhere": lambda p, path: p.sent_elsewhere("file://" + path),
    "a resource for DevTools": lambda p, path: p.resource("file://" + path),
    "snapshot": lambda p, path: p.snapshot("file://" + path),
    "print": lambda p, path: p.printed("file://" + path),
    "resource of the page": lambda p, path: p.content("file://" + path),
    "extension": lambda p, path: p.extension(path),
    "fetch": by_script("return await (await fetch('{url}')).text()"),
    "XMLHttpRequest": by_script("const x = new XMLHttpRequest(); x.open('GET', '{url}', false);"
                                "x.send(); return x.responseText"),
    "worker": by_script("return await new Promise(r => {const w = new Worker(URL.createObjectURL("
                        "new Blob([`fetch('{url}').then(a => a.text()).then(postMessage, e => "
                        "postMessage(String(e)))`]))); w.onmessage = e => r(e.data)})"),
    "import": by_script("return await import('{url}')"),
    "window": by_script("const w = open('{url}'); await new Promise(r => setTimeout(r, 300));"
                        "return w ? w.document.body.outerHTML : ''"),
    "iframe": by_element('<iframe src="{url}"></iframe>'),
    "object": by_element('<object data="{url}"></object>'),
    "image": by_element('<img src="{url}">'),
    "style sheet": by_element('<link rel="stylesheet" href="{url}">'),
}
READERS = ["upload", "drop", "open", "open by dots", "view-source", "a page made for it",
           "resource of the page"]
"""Probes that do read a file which the jail has: they would read the canary if it were there."""


def said_by(browser, site, probe, path: str) -> str:
    """Everything the browser said while `probe` was at work."""
    with connected(browser["wss"]) as connection:
        prober = Prober(connection, site)
        with contextlib.suppress(ProtocolError, AssertionError, TimeoutError, KeyError):
            probe(prober, path)
        with contextlib.suppress(ProtocolError):
            connection.call("Page.close", session=prober.session)
        return json.dumps(connection.received, ensure_ascii=False)


@pytest.fixture(scope="module")
def shared_browser(server):
    """One browser for all probes."""
    made = server.fleet.create()
    yield made
    server.fleet.delete(made["id"])


def test_there_are_enough_probes():
    assert len(PROBES) >= 30


@pytest.mark.parametrize("name", PROBES)
def test_no_probe_reads_a_file_of_the_machine(shared_browser, site, canary, name):
    assert canary.secret not in said_by(shared_browser, site, PROBES[name], canary.path)


@pytest.mark.parametrize("name", READERS)
def test_the_same_probe_reads_a_file_that_the_jail_has(shared_browser, site, name):
    eventually(lambda: "PRETTY_NAME" in said_by(shared_browser, site, PROBES[name], READABLE), 20,
               "the probe reads a file at all, without which it proves nothing")


@pytest.mark.parametrize("place", [
    "/proc/self/environ", "/proc/1/environ", "/proc/self/cmdline", "/proc/1/cmdline",
    "/proc/self/mountinfo", "/proc/1/mountinfo", "/proc/self/maps", "/etc/passwd", "/etc/shadow",
    "/etc/hostname", "/root", "/home", "/var", "/run", "/sys",
])
def test_what_the_jail_shows_says_nothing_of_the_machine(shared_browser, site, server, place):
    said = said_by(shared_browser, site, PROBES["open"], place)
    host_name = Path("/proc/sys/kernel/hostname").read_text().strip()
    # A mount knows where it came from; that much is told of folders of the system only.
    for secret in (str(server.folder), str(server.data), server.fleet.key, f'"{host_name}"'):
        assert secret not in said


# Writing


def jail_root(server) -> Path:
    """The root of the browser's jail as this process sees it."""
    chromium = [each for each in processes.descendants(server.pid) if each.is_chromium()
                and not any("--type=" in word for word in each.command)]
    return Path(f"/proc/{chromium[0].pid}/root")


def traces_of(mark: str, server) -> list[str]:
    """Files outside the jail whose name has `mark` in it, wherever the probes point at."""
    places = ["/", "/tmp", "/var/tmp", "/dev/shm", "/root", "/etc", "/usr", "/run"]
    found = [each for place in places for each in Path(place).glob(f"*{mark}*")]
    return [str(each) for each in [*found, *server.folder.rglob(f"*{mark}*")]]


def download(prober: Prober, mark: str) -> str:
    """Has the page download a file of that name; how it ended, if anybody says so."""
    prober.evaluate(f"""const a = document.createElement('a'); a.download = '{mark}.bin';
        a.href = URL.createObjectURL(new Blob(['x'])); a.click(); 1""")
    with contextlib.suppress(TimeoutError):
        ended = prober.connection.event(
            "Browser.downloadProgress", within=2,
            where=lambda event: event["params"]["state"] in ("completed", "canceled"))
        return ended["params"]["state"]
    return "unsaid"


@pytest.mark.parametrize(("method", "folder"), [
    *(("Browser.setDownloadBehavior", folder) for folder in (
        "{outside}", "/tmp", "/var/tmp", "/dev/shm", "/", "/root", "/etc", "/usr",
        "/proc/1/root/tmp", "/proc/self/root/tmp", "{outside}/../outside",
        "../../../../../..{outside}")),
    ("Page.setDownloadBehavior", "{outside}"), ("Page.setDownloadBehavior", "/tmp"),
])
def test_a_download_makes_no_file_outside(shared_browser, site, server, method, folder):
    mark = "escape-" + secrets.token_hex(8)
    outside = server.folder / "outside"
    outside.mkdir(exist_ok=True)
    outside.chmod(0o777)
    with connected(shared_browser["wss"]) as connection:
        prober = Prober(connection, site)
        session = prober.session if method.startswith("Page") else None
        with contextlib.suppress(ProtocolError):
            connection.call(method, {
                "behavior": "allow", "downloadPath": folder.format(outside=outside),
                "eventsEnabled": True}, session)
        download(prober, mark)
    assert traces_of(mark, server) == []
    assert list(outside.iterdir()) == []


def test_a_download_that_is_allowed_lands_in_the_jail(shared_browser, site, server):
    """The control of the test above: downloads do make files."""
    mark = "inside-" + secrets.token_hex(8)
    with connected(shared_browser["wss"]) as connection:
        prober = Prober(connection, site)
        connection.call("Browser.setDownloadBehavior", {
            "behavior": "allow", "downloadPath": "/tmp", "eventsEnabled": True})
        assert download(prober, mark) == "completed"
        assert (jail_root(server) / "tmp" / f"{mark}.bin").exists()
        assert traces_of(mark, server) == []


@pytest.mark.parametrize(("method", "params"), [
    ("Tracing.start", {"traceConfig": {"recordMode": "recordUntilFull"},
                       "transferMode": "ReturnAsStream", "outputFile": "{place}"}),
    ("Page.printToPDF", {"path": "{place}", "filePath": "{place}"}),
    ("Page.captureScreenshot", {"path": "{place}"}),
    ("Page.captureSnapshot", {"path": "{place}"}),
    ("HeapProfiler.takeHeapSnapshot", {"path": "{place}"}),
    ("Browser.setDownloadBehavior", {"behavior": "allowAndName", "downloadPath": "{place}"}),
    ("Memory.startSampling", {"path": "{place}"}),
    ("SystemInfo.getInfo", {"path": "{place}"}),
    ("Browser.executeBrowserCommand", {"commandId": "openTabSearch"}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_no_call_writes_where_it_is_told_to(shared_browser, site, server, method, params):
    mark = "written-" + secrets.token_hex(8)
    place = str(server.folder / "outside" / mark)
    given = json.loads(json.dumps(params).replace("{place}", place))
    with connected(shared_browser["wss"]) as connection:
        prober = Prober(connection, site)
        for session in (prober.session, None):
            with contextlib.suppress(ProtocolError, TimeoutError):
                connection.call(method, given, session, within=3)
    assert traces_of(mark, server) == []


def test_the_command_line_is_not_told(shared_browser):
    with connected(shared_browser["wss"]) as connection:
        try:
            line = connection.call("SystemInfo.getInfo").get("commandLine", "")
        except ProtocolError:
            return
        assert "@" not in line and "proxy-server=http" not in line
