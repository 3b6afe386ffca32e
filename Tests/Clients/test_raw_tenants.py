# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 19: of 50 cross-tenant probes none reaches anything.

Two tenants with keys of their own, a browser each on one server. The second one tries to get at
the first one's by the API, by DevTools, from a page, and as a program inside its own jail: what a
page that took over its browser could do.
"""

import json
import os
import secrets
import subprocess
from dataclasses import dataclass

import pytest

from harness import processes
from harness.cdp import (Connection, ProtocolError, connected, evaluate, open_page, page_ids,
                         refusal, visit)
from harness.rest import Fleet
from harness.server import executable
from harness.waiting import eventually

SETTINGS = {"WARM_BROWSERS": "0"}


@dataclass
class Tenant:
    """A key, its browser, a client with a page, and what is secret there."""

    fleet: Fleet
    browser: dict
    connection: Connection
    target: str
    session: str
    secret: str
    processes: list[processes.Process]

    @property
    def token(self) -> str:
        return self.browser["wss"].split("token=")[1]


def key(server, name: str) -> str:
    """A new key that may have browsers and nothing else."""
    answer = subprocess.run(
        [executable(), "keys", "create", name, "--scopes", "browsers", "--output", "json"],
        env={"DATA_DIR": str(server.data), "HOME": str(server.folder), "PATH": os.environ["PATH"]},
        cwd=server.folder, capture_output=True, text=True, check=True, timeout=20)
    return json.loads(answer.stdout)["secret"]


def tenant(server, site, name: str) -> Tenant:
    """A tenant with a page that holds a secret in every place a page can hold one."""
    before = {each.pid for each in processes.descendants(server.pid)}
    fleet = server.fleet.with_key(key(server, name))
    eventually(lambda: fleet.get("/limits").status_code == 200, 5, "the key counts")
    browser = fleet.create(metadata={"name": name})
    connection = Connection(browser["wss"])
    target, session = open_page(connection)
    visit(connection, session, site.url + "/")
    secret = f"{name}-{secrets.token_hex(16)}"
    evaluate(connection, session, f"document.title = document.cookie = localStorage.x = "
                                  f"sessionStorage.x = window.name = '{secret}'")
    mine = [each for each in processes.descendants(server.pid) if each.pid not in before]
    return Tenant(fleet, browser, connection, target, session, secret, mine)


@pytest.fixture(scope="module")
def tenants(server, site):
    """The one who is attacked and the one who attacks."""
    pair = tenant(server, site, "victim"), tenant(server, site, "attacker")
    yield pair
    for each in pair:
        assert evaluate(each.connection, each.session, "document.title") == each.secret, (
            f"{each.browser['metadata']['name']} is not as it was")
        each.connection.close()
        each.fleet.delete(each.browser["id"])


# By the API


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("DELETE", ""), ("POST", "/tokens"), ("GET", "/screenshot"), ("GET", "/pdf"),
    ("GET", "/content"), ("GET", "/json/version"), ("GET", "/json/version/"), ("GET", "/json/list"),
    ("GET", "/json/protocol"), ("GET", "/screenshot?targetId={target}"),
])
def test_a_foreign_browser_is_not_there(tenants, method, path):
    victim, attacker = tenants
    body = {"scope": "control"} if method == "POST" else None
    path = path.format(target=victim.target)
    answer = attacker.fleet.call(
        method, f"/browsers/{victim.browser['id']}{path}", **({"json": body} if body else {}))
    assert answer.status_code in (403, 404), answer.text
    assert victim.secret not in answer.text and "wss" not in answer.text


@pytest.mark.parametrize("path", ["/browsers", "/browsers?metadata.name=victim", "/api/stats",
                                  "/metrics", "/limits", "/json/list", "/json/version"])
def test_no_list_and_no_figure_names_it(tenants, path):
    victim, attacker = tenants
    answer = attacker.fleet.get(path)
    assert victim.browser["id"] not in answer.text and victim.target not in answer.text


@pytest.mark.parametrize("path", [
    "/browsers/{id}", "/devtools/browser/{id}", "/devtools/page/{target}",
    "/browsers/{id}/devtools/page/{target}", "/browsers/{id}?token={token}",
    "/browsers/{id}/devtools/page/{target}?token={token}",
    "/browsers/{own}/devtools/page/{target}?token={token}", "/devtools/browser/{id}?token={token}",
])
def test_no_socket_opens_on_it(tenants, path):
    victim, attacker = tenants
    place = path.format(id=victim.browser["id"], target=victim.target,
                        own=attacker.browser["id"], token=attacker.token)
    status, document = refusal(attacker.fleet.socket_url + place, attacker.fleet.headers)
    assert status in (401, 403, 404), document


# By DevTools


@pytest.mark.parametrize(("method", "params"), [
    ("Target.attachToTarget", {"targetId": "{target}", "flatten": True}),
    ("Target.attachToTarget", {"targetId": "{target}", "flatten": False}),
    ("Target.activateTarget", {"targetId": "{target}"}),
    ("Target.closeTarget", {"targetId": "{target}"}),
    ("Target.getTargetInfo", {"targetId": "{target}"}),
    ("Target.autoAttachRelated", {"targetId": "{target}", "waitForDebuggerOnStart": False}),
    ("Target.exposeDevToolsProtocol", {"targetId": "{target}"}),
    ("Target.sendMessageToTarget", {"targetId": "{target}", "message": '{"id":1,"method":"x"}'}),
    ("Target.sendMessageToTarget", {"sessionId": "{session}", "message": '{"id":1,"method":"x"}'}),
    ("Target.detachFromTarget", {"sessionId": "{session}"}),
    ("Page.captureScreenshot", {"session": "{session}"}),
    ("Runtime.evaluate", {"session": "{session}", "expression": "document.title"}),
    ("Storage.getCookies", {"session": "{session}"}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_no_call_names_a_foreign_page_or_session(tenants, method, params):
    victim, attacker = tenants
    given = json.loads(json.dumps(params).replace("{target}", victim.target)
                       .replace("{session}", victim.session))
    session = given.pop("session", None)
    with pytest.raises(ProtocolError):
        attacker.connection.call(method, given, session)


@pytest.mark.parametrize("method", [
    "Target.getTargets", "Target.getBrowserContexts", "Storage.getCookies", "Browser.getHistograms",
    "SystemInfo.getProcessInfo", "SystemInfo.getInfo", "Browser.getBrowserCommandLine",
])
def test_what_the_browser_tells_is_its_own(tenants, method):
    victim, attacker = tenants
    try:
        said = json.dumps(attacker.connection.call(method))
    except ProtocolError:
        return
    assert victim.secret not in said and victim.target not in said
    assert attacker.target in page_ids(attacker.connection)


# From a page


def test_no_page_reaches_a_port_of_this_host_but_the_allowed_one(tenants, server, site):
    """The way in of a debug port on a shared loopback: 3 spellings, ports that are open."""
    _, attacker = tenants
    ports = {3128, 9222, 9229, site.port, int(server.fleet.url.rsplit(":", 1)[1]), *open_ports()}
    tries = [f"http://{host}:{port}/json/version" for port in sorted(ports)
             for host in ("127.0.0.1", "localhost", "[::1]")]
    tries += [each.replace("http", "ws") for each in tries]
    answers = evaluate(attacker.connection, attacker.session, f"""Promise.all({json.dumps(tries)}
        .map(async url => {{
            if (url.startsWith('ws')) return await new Promise(done => {{
                const socket = new WebSocket(url);
                socket.onopen = () => done('open'); socket.onerror = () => done('');
                setTimeout(() => done(''), 5000)}});
            try {{ return await (await fetch(url)).text() }} catch {{ return '' }}
        }}))""", within=60)
    assert len(answers) == len(tries)
    reached = [url for url, text in zip(tries, answers, strict=True)
               if text and "BrowserFleet does not let" not in text]
    assert reached == [site.url + "/json/version"]


def open_ports() -> list[int]:
    """Some of the ports at which something of this machine listens."""
    with open("/proc/net/tcp") as table:
        lines = [line.split() for line in table.readlines()[1:]]
    return sorted({int(each[1].split(":")[1], 16) for each in lines if each[3] == "0A"})[:8]


# From inside the jail


JAIL_PROBES = {
    "processes": "import os; print([p for p in os.listdir('/proc') if p.isdigit()"
                 " and int(p) > 1000])",
    "command lines": "import glob; print([open(f,'rb').read() for f in glob.glob('/proc/*/cmdline')])",
    "environments": "import glob\nfor f in glob.glob('/proc/[0-9]*/environ'):\n"
                    " try: print(open(f,'rb').read())\n except OSError: pass",
    "unix sockets": "print(open('/proc/net/unix').read())",
    "listening ports": "print([l.split()[1] for l in open('/proc/net/tcp').readlines()[1:]"
                       " if l.split()[3]=='0A'])",
    "interfaces": "print(open('/proc/net/dev').read())",
    "routes": "print(open('/proc/net/route').read())",
    "shared memory": "import os; print(os.listdir('/dev/shm'), open('/proc/sysvipc/shm').read())",
    "semaphores": "print(open('/proc/sysvipc/sem').read(), open('/proc/sysvipc/msg').read())",
    "temporary files": "import os; print([os.path.join(d, f) for d, _, fs in os.walk('/tmp')"
                       " for f in fs])",
    "home": "import os; print(os.listdir('/home') if os.path.isdir('/home') else '')",
    "mounts": "print(open('/proc/self/mountinfo').read())",
    "disks": "import os; print(os.listdir('/dev'))",
    "host name": "import socket; print(socket.gethostname())",
}


def in_jail(of: Tenant, program: str, timeout: float = 20) -> str:
    """What a Python program prints inside the jail, as the browser's user."""
    if os.geteuid() != 0:
        pytest.skip("entering a jail from outside needs root")
    root = next(each for each in of.processes
                if each.is_chromium() and not any("--type=" in word for word in each.command))
    owner = os.stat(f"/proc/{root.pid}")
    done = subprocess.run(
        ["nsenter", f"--target={root.pid}", "--mount", "--uts", "--ipc", "--net", "--pid",
         "/usr/bin/setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups",
         "--bounding-set=-all", "--no-new-privs", "/usr/bin/python3", "-I", "-c", program],
        capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", JAIL_PROBES)
def test_the_jail_shows_nothing_of_the_other(tenants, server, name):
    victim, attacker = tenants
    seen = in_jail(attacker, JAIL_PROBES[name])
    for secret in (victim.secret, victim.browser["id"], victim.target, server.fleet.key,
                   str(server.data), *(str(each.pid) for each in victim.processes
                                       if name == "processes")):
        assert secret not in seen
    expected = {"listening ports": "['0100007F:0C38']\n", "host name": "browser\n",
                "processes": "[]\n"}
    assert seen == expected.get(name, seen)
    if name == "interfaces":
        assert [line.split(":")[0].strip() for line in seen.split("\n")[2:-2]] == ["lo"]


def test_the_jail_has_no_way_out_but_the_relay(tenants, server):
    _, attacker = tenants
    port = server.fleet.url.rsplit(":", 1)[1]
    seen = in_jail(attacker, f"""
import socket
for host, port in [("127.0.0.1", {port}), ("169.254.169.254", 80), ("10.0.0.1", 80),
                   ("8.8.8.8", 53), ("127.0.0.1", 9222)]:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        s = socket.socket(socket.AF_INET, kind); s.settimeout(1)
        try:
            s.connect((host, port)); s.send(b"x"); s.recv(1); print("reached", host, port)
        except OSError: pass
s = socket.create_connection(("127.0.0.1", 3128), 2)
s.sendall(b"CONNECT 127.0.0.1:{port} HTTP/1.1\\r\\n\\r\\n"); print(s.recv(200).decode())
""")
    assert "reached" not in seen
    assert "403" in seen.splitlines()[0]


def test_no_process_of_the_other_can_be_signalled(tenants):
    victim, attacker = tenants
    numbers = [each.pid for each in victim.processes]
    seen = in_jail(attacker, f"""
import os
for number in {numbers} + list(range(1000, 1100)):
    try: os.kill(number, 9); print("reached", number)
    except OSError: pass
""")
    assert seen == ""
    assert all(each.is_alive() for each in victim.processes if each.is_chromium())


def test_the_two_share_no_namespace(tenants):
    victim, attacker = tenants
    for kind in ("net", "pid", "mnt", "ipc", "uts", "user"):
        ours = {os.readlink(f"/proc/self/ns/{kind}")}
        one, other = ({each.namespace(kind) for each in of.processes if each.is_chromium()} - {None}
                      for of in (victim, attacker))
        assert one and other and not one & other and not (one | other) & ours, kind
