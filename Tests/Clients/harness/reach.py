# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Ways in which a page, or whoever drives it, may try to reach a private host (`harness.world`)."""

import contextlib
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote

from .cdp import Connection, ProtocolError, connected, evaluate, open_page, visit
from .world import HOST, METADATA

SITE_URL, SECURE_URL = "http://public.example", "https://secure.example"
# Chromium trusts loopback without a certificate, which a service worker needs.
TRUSTED = "127.0.0.1:8088"
LIMIT = 4000  # milliseconds that one probe of a page may take
_ports = count(20001)


@dataclass(frozen=True)
class Probe:
    """One try. `{to}` is a URL of its target; `{ws}`, `{https}`, `{place}` are forms of it."""

    name: str
    action: str
    """JavaScript of a page (`script`), of an https page (`secure`), of a trusted one (`trusted`),
    a place to open (`open`), a DevTools call (`call`), or the URL of a proxy to create the browser
    with (`proxy`)."""
    kind: str = "script"
    host: str = METADATA
    arrives: bool = True
    """Whether it comes through a proxy that lets it."""
    is_local: bool = False
    """Whether it aims at this very host."""
    rule: str = ""
    """What the list must have besides the address."""
    port: int = field(default_factory=lambda: next(_ports))

    def __str__(self):
        return self.name

    def text(self) -> str:
        """The action with the target in it."""
        place = f"{self.host}:{self.port}"
        forms = {"{to}": f"http://{place}/p", "{ws}": f"ws://{place}/p",
                 "{https}": f"https://{place}/p", "{place}": place,
                 "{quoted}": quote(f"http://{place}/p", safe="")}
        text = self.action
        for form, value in forms.items():
            text = text.replace(form, value)
        return text


FETCH = "await fetch('{to}', {mode: 'no-cors'})"


def _element(text: str) -> str:
    return f"await load(`{text}`)"


SPELLINGS = [
    Probe(f"address {host}", FETCH, host=host, arrives=arrives) for host, arrives in [
        (METADATA, True), ("10.0.0.1", True), ("172.16.0.1", True), ("192.168.0.1", True),
        ("100.64.0.1", True), ("100.100.100.200", True), ("168.63.129.16", True),
        ("2852039166", True), ("0xa9fea9fe", True), ("0xA9.0xFE.0xA9.0xFE", True),
        ("0251.0376.0251.0376", True), ("169.254.43518", True), ("169.16689662", True),
        ("167772161", True), ("012.1", True), (f"{METADATA}.", True),
        ("１６９．２５４．１６９．２５４", True), ("%31%30.0.0.1", True), ("10。0。0。1", True),
        ("[fd00::1]", True), ("[fd00:ec2::254]", True),
        (f"[::ffff:{METADATA}]", True), ("[::ffff:a9fe:a9fe]", True),
        # No kernel sends these anywhere, or the list cannot open them.
        ("[::10.0.0.1]", False), ("[64:ff9b::a9fe:a9fe]", False), ("[2002:a00:1::]", False),
        ("[fe80::1]", False), ("224.0.0.1", False), ("255.255.255.255", False),
    ]]

LOCAL = [
    Probe(f"this host as {host}", FETCH, host=host, is_local=True, arrives=arrives)
    for host, arrives in [
        ("127.0.0.1", True), ("localhost", True), ("[::1]", True), ("0.0.0.0", True),
        ("[::]", False), ("2130706433", True), ("127.1", True), ("0177.1", True),
        ("[::ffff:127.0.0.1]", True), (HOST, True), ("own.example", True), ("loop.example", True),
        ("a.localhost", False),
    ]]

BY_NAME = [
    Probe(f"name {host}", FETCH, host=host, arrives=arrives, rule=rule)
    for host, arrives, rule in [
        ("private.example", True, ""), ("metadata.example", True, ""),
        ("unique.example", True, ""), ("mapped.example", True, ""), ("mixed.example", True, ""),
        ("metadata.google.internal", True, ""),
    ]] + [
    Probe("rebinding between requests", f"{FETCH}; {FETCH}; {FETCH}", host="rebind.example"),
    Probe("rebinding after two good answers", "; ".join([FETCH] * 4), host="rebound.example"),
]

BY_PAGE = [
    Probe("XMLHttpRequest", """await new Promise(r => {const x = new XMLHttpRequest();
        x.onloadend = r; x.open('GET', '{to}'); x.send()})"""),
    Probe("fetch with keepalive", "await fetch('{to}', {mode: 'no-cors', keepalive: true})"),
    Probe("fetch over https", "await fetch('{https}', {mode: 'no-cors'})"),
    Probe("fetch of a redirect", f"await fetch('{SITE_URL}/redirect?to={{quoted}}',"
                                 " {mode: 'no-cors'})"),
    Probe("fetch of a 307 that is posted", f"await fetch('{SITE_URL}/redirect?code=307&to="
          "{quoted}', {mode: 'no-cors', method: 'POST', body: 'x'})"),
    Probe("a chain of redirects", f"await fetch('{SITE_URL}/redirect?to=' + encodeURIComponent("
          f"'{SITE_URL}/redirect?code=308&to={{quoted}}'), {{mode: 'no-cors'}})"),
    Probe("img", _element('<img src="{to}">')),
    Probe("script", "await new Promise(r => {const s = document.createElement('script');"
                    " s.onload = s.onerror = r; s.src = '{to}'; document.body.append(s)})"),
    Probe("style sheet", _element('<link rel="stylesheet" href="{to}">')),
    Probe("import in a style sheet",
          _element(f'<link rel="stylesheet" href="{SITE_URL}/css?to={{quoted}}">')),
    Probe("font", "await new FontFace('f', 'url({to})').load()"),
    Probe("video", _element('<video src="{to}" preload="auto"></video>')),
    Probe("audio", _element('<audio src="{to}" preload="auto"></audio>')),
    Probe("object", _element('<object data="{to}"></object>')),
    Probe("embed", _element('<embed src="{to}">')),
    Probe("iframe", _element('<iframe src="{to}"></iframe>')),
    Probe("iframe whose page redirects",
          _element(f'<iframe src="{SITE_URL}/redirect?to={{quoted}}"></iframe>')),
    Probe("svg image", _element('<svg><image href="{to}"/></svg>')),
    Probe("form", "const f = document.createElement('form'); f.method = 'POST'; f.action = '{to}';"
                  "f.target = 'form'; document.body.append(f); await load('<iframe name=\"form\">"
                  "</iframe>', 1); f.submit(); await pause(700)"),
    Probe("ping of a link", "const a = document.createElement('a'); a.href = '#x'; a.ping = '{to}';"
                            "document.body.append(a); a.click(); await pause(500)"),
    Probe("beacon", "navigator.sendBeacon('{to}', 'x'); await pause(500)"),
    Probe("EventSource", """await new Promise(r => {const e = new EventSource('{to}');
        e.onopen = e.onerror = () => {e.close(); r()}})"""),
    Probe("WebSocket", """await new Promise(r => {const w = new WebSocket('{ws}');
        w.onopen = w.onerror = w.onclose = r})"""),
    Probe("WebSocket over TLS", """await new Promise(r => {const w = new WebSocket('wss://{place}/');
        w.onopen = w.onerror = w.onclose = r})"""),
    Probe("worker that fetches", f"await worker('{SITE_URL}/worker.js?to={{quoted}}')"),
    Probe("worker that imports", f"await worker('{SITE_URL}/import.js?to={{quoted}}')"),
    Probe("worker of a blob", "await worker(URL.createObjectURL(new Blob([`fetch('{to}', "
                              "{mode: 'no-cors'}).catch(() => 0).finally(() => postMessage(1))`])))"),
    Probe("shared worker", f"new SharedWorker('{SITE_URL}/worker.js?to={{quoted}}');"
                           " await pause(1000)"),
    Probe("prefetch", _element('<link rel="prefetch" href="{to}">')),
    Probe("preload", _element('<link rel="preload" as="image" href="{to}">')),
    Probe("module preload", _element('<link rel="modulepreload" href="{to}">')),
    # Hints, which this Chromium does not take behind a proxy.
    Probe("preconnect", _element('<link rel="preconnect" href="{https}">') + "; await pause(500)",
          arrives=False),
    Probe("DNS prefetch", _element('<link rel="dns-prefetch" href="{to}">') + "; await pause(500)",
          host="private.example", arrives=False),
    Probe("STUN", "await gather('stun:{place}')", arrives=False),
    Probe("STUN of a name", "await gather('stun:{place}')", host="private.example", arrives=False),
    Probe("TURN over UDP", "await gather('turn:{place}?transport=udp')", arrives=False),
    Probe("TURN over TCP", "await gather('turn:{place}?transport=tcp')", arrives=False),
    Probe("TURN over TLS", "await gather('turns:{place}?transport=tcp')", arrives=False),
    Probe("a WebRTC peer", "await peer()", arrives=False),
]

BY_SECURE_PAGE = [
    Probe("service worker", """const r = await navigator.serviceWorker.register(
        '/service.js?to={quoted}', {scope: '/scope'});
        await new Promise(d => {const w = r.installing ?? r.waiting; w ? w.onstatechange = d : d()})
        """, kind="trusted"),
    Probe("WebTransport", "await new WebTransport('https://{place}/').ready", kind="secure",
          arrives=False),
    Probe("alternative service", "await fetch('/alternative?to={https}'); await fetch('/?again');"
          " await pause(500); await fetch('/?once more')", kind="secure", arrives=False),
]

BY_PLACE = [
    Probe("navigation", "{to}", kind="open"),
    Probe("navigation to what redirects", f"{SITE_URL}/redirect?to={{quoted}}", kind="open"),
    Probe("navigation to what refreshes", f"{SITE_URL}/refresh?to={{quoted}}", kind="open"),
    Probe("page with early links", f"{SITE_URL}/early?to={{quoted}}", kind="open"),
    Probe("page with a frame", f"{SITE_URL}/frame?to={{quoted}}", kind="open"),
    Probe("page with a report address", f"{SITE_URL}/report?to={{quoted}}", kind="open"),
    Probe("page with an icon", f"{SITE_URL}/manifest?to={{quoted}}", kind="open", arrives=False),
    Probe("view-source", "view-source:{to}", kind="open"),
    Probe("ftp", "ftp://{place}/", kind="open", arrives=False),
    Probe("data page", "data:text/html,<img src={to}>", kind="open"),
]

BY_CALL = [
    Probe("a call that loads a resource", "loadNetworkResource", kind="call"),
    Probe("a request that is sent elsewhere", "continueRequest", kind="call"),
    Probe("a page made for it", "createTarget", kind="call"),
    Probe("a document that is put in place", "setDocumentContent", kind="call"),
    Probe("a context that bypasses every proxy", "bypassContext", kind="call"),
]

BY_PROXY = [
    Probe("a proxy at a private address", "http://{place}", kind="proxy"),
    Probe("an https proxy at a private address", "https://{place}", kind="proxy"),
    Probe("a SOCKS proxy at a private address", "socks5://{place}", kind="proxy"),
    Probe("a proxy whose name is private", "http://{place}", kind="proxy", host="proxy.example"),
    Probe("a proxy on this host", "http://{place}", kind="proxy", host="127.0.0.1", is_local=True),
    Probe("a proxy on this host, by SOCKS", "socks5://{place}", kind="proxy", host="localhost",
          is_local=True),
]

PROBES = (SPELLINGS + LOCAL + BY_NAME + BY_PAGE + BY_SECURE_PAGE + BY_PLACE + BY_CALL + BY_PROXY)

TOOLS = """
    const pause = milliseconds => new Promise(r => setTimeout(r, milliseconds));
    const load = html => new Promise(r => {
        const t = document.createElement('template'); t.innerHTML = html;
        const e = t.content.firstElementChild;
        for (const each of [e, ...e.querySelectorAll('*')])
            for (const word of ['load', 'error', 'loadeddata']) each.addEventListener(word, r);
        document.body.append(e); setTimeout(r, 2000)});
    const worker = url => new Promise(r => {
        const w = new Worker(url); w.onmessage = w.onerror = r});
    const gather = async url => {
        const p = new RTCPeerConnection({iceServers: [{urls: url, username: 'u', credential: 'p'}]});
        p.createDataChannel('d'); await p.setLocalDescription();
        await new Promise(r => {p.onicegatheringstatechange = () =>
            p.iceGatheringState == 'complete' && r(); setTimeout(r, 2500)}); p.close()};
    const peer = async () => {
        const p = new RTCPeerConnection(); const q = new RTCPeerConnection();
        p.createDataChannel('d'); await p.setLocalDescription();
        await q.setRemoteDescription(p.localDescription); await q.setLocalDescription();
        const sdp = q.localDescription.sdp + 'a=candidate:1 1 udp 2122 {host} {port} typ host\\r\\n'
            + 'a=candidate:2 1 tcp 2121 {host} {port} typ host tcptype passive\\r\\n';
        await p.setRemoteDescription({type: 'answer', sdp}); await pause(1500)};
"""


def attempt_all(fleet, probes: list[Probe]) -> None:
    """Makes every try; what comes of it is for others to count."""
    made = fleet.create()
    with connected(made["wss"]) as connection:
        _run_scripts(connection, [p for p in probes if p.kind == "script"], SITE_URL)
        _run_scripts(connection, [p for p in probes if p.kind == "secure"], SECURE_URL)
        _run_scripts(connection, [p for p in probes if p.kind == "trusted"], f"http://{TRUSTED}")
        _open_places(connection, [p for p in probes if p.kind == "open"])
        for probe in probes:
            if probe.kind == "call":
                with contextlib.suppress(ProtocolError, AssertionError, TimeoutError):
                    _CALLS[probe.action](connection, probe)
        connection.listen(1.0)
    fleet.delete(made["id"])
    for probe in probes:
        if probe.kind == "proxy":
            _leave_by_proxy(fleet, probe)


def _run_scripts(connection: Connection, probes: list[Probe], origin: str) -> None:
    """All scripts at once, each given up after `LIMIT`."""
    _, session = open_page(connection)
    connection.call("Security.enable", session=session)
    connection.call("Security.setIgnoreCertificateErrors", {"ignore": True}, session)
    assert visit(connection, session, origin + "/") == "public"
    calls = []
    for probe in probes:
        tools = TOOLS.replace("{host}", probe.host).replace("{port}", str(probe.port))
        body = f"(async () => {{{tools} {probe.text()}}})()"
        calls.append(connection.send("Runtime.evaluate", {
            "expression": f"Promise.race([{body}, new Promise(r => setTimeout(r, {LIMIT}))])"
                          ".then(() => 'done', String)",
            "awaitPromise": True, "returnByValue": True}, session))
    for call, probe in zip(calls, probes, strict=True):
        answer = connection.result(call, 30, probe.name)
        assert "SyntaxError" not in str(answer), f"{probe}: {answer}"


def _open_places(connection: Connection, probes: list[Probe]) -> None:
    sessions = [open_page(connection)[1] for _ in probes]
    for session, probe in zip(sessions, probes, strict=True):
        connection.send("Page.navigate", {"url": probe.text()}, session)
    connection.listen(2.0)


def _leave_by_proxy(fleet, probe: Probe) -> None:
    answer = fleet.post("/browsers", {"proxy": probe.text()})
    if answer.status_code != 201:
        return
    made = answer.json()
    with connected(made["wss"]) as connection:
        _, session = open_page(connection)
        connection.call("Page.navigate", {"url": SITE_URL + "/"}, session, within=20)
    fleet.delete(made["id"])


def _load_resource(connection: Connection, probe: Probe) -> None:
    _, session = open_page(connection)
    visit(connection, session, SITE_URL + "/")
    frame = connection.call("Page.getFrameTree", session=session)["frameTree"]["frame"]["id"]
    connection.call("Network.loadNetworkResource", {
        "frameId": frame, "url": f"http://{probe.host}:{probe.port}/",
        "options": {"disableCache": True, "includeCredentials": True}}, session)


def _continue_elsewhere(connection: Connection, probe: Probe) -> None:
    _, session = open_page(connection)
    visit(connection, session, SITE_URL + "/")
    connection.call("Fetch.enable", session=session)
    call = connection.send("Runtime.evaluate", {
        "expression": "fetch('/x').then(() => 1, () => 0)", "awaitPromise": True}, session)
    request = connection.event("Fetch.requestPaused")["params"]["requestId"]
    connection.call("Fetch.continueRequest", {
        "requestId": request, "url": f"http://{probe.host}:{probe.port}/"}, session)
    connection.result(call)


def _create_target(connection: Connection, probe: Probe) -> None:
    connection.call("Target.createTarget", {"url": f"http://{probe.host}:{probe.port}/"})


def _set_content(connection: Connection, probe: Probe) -> None:
    _, session = open_page(connection)
    frame = connection.call("Page.getFrameTree", session=session)["frameTree"]["frame"]["id"]
    connection.call("Page.setDocumentContent", {
        "frameId": frame, "html": f'<img src="http://{probe.host}:{probe.port}/">'}, session)


def _bypass(connection: Connection, probe: Probe) -> None:
    context = connection.call("Target.createBrowserContext", {"proxyBypassList": "*"})
    connection.call("Target.createTarget", {
        "url": f"http://{probe.host}:{probe.port}/",
        "browserContextId": context["browserContextId"]})


_CALLS = {"loadNetworkResource": _load_resource, "continueRequest": _continue_elsewhere,
          "createTarget": _create_target, "setDocumentContent": _set_content,
          "bypassContext": _bypass}
