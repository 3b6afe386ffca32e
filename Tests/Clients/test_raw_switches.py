# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Invariant 22: of 300 switches and mutations only the allow-list reaches the command line.

Looks at `/proc/*/cmdline` of the whole tree, from bubblewrap to the last renderer.
"""

import pytest

from harness import processes
from harness.cdp import connected, open_page, visit
from harness.rest import problem

SETTINGS = {"WARM_BROWSERS": "0"}
MARK = "fleet-probe"
# Switches that run programs, read files, open ports or loosen the walls.
DANGEROUS = [
    "no-sandbox", "disable-setuid-sandbox", "disable-seccomp-filter-sandbox", "single-process",
    "disable-namespace-sandbox", "disable-gpu-sandbox", "no-zygote", "no-zygote-sandbox",
    f"renderer-cmd-prefix=/bin/{MARK}", f"utility-cmd-prefix=/bin/{MARK}",
    f"gpu-launcher=/bin/{MARK}", f"browser-subprocess-path=/bin/{MARK}",
    "remote-debugging-port=9222", "remote-debugging-address=0.0.0.0", "remote-allow-origins=*",
    f"user-data-dir=/tmp/{MARK}", f"disk-cache-dir=/tmp/{MARK}", f"log-file=/tmp/{MARK}",
    f"crash-dumps-dir=/tmp/{MARK}", f"log-net-log=/tmp/{MARK}", f"ssl-key-log-file=/tmp/{MARK}",
    f"trace-startup-file=/tmp/{MARK}", f"load-extension=/tmp/{MARK}", "enable-logging=stderr",
    "allow-file-access-from-files", "disable-web-security", "disable-site-isolation-trials",
    "ignore-certificate-errors", f"proxy-server={MARK}:80", "proxy-server=direct://",
    f"proxy-pac-url=http://{MARK}/", "proxy-bypass-list=*", "no-proxy-server",
    f"host-resolver-rules=MAP*{MARK}", f"host-rules=MAP*{MARK}", "enable-features=X",
    "disable-features=IsolateOrigins", "js-flags=--allow-natives-syntax",
    f"use-file-for-fake-video-capture=/tmp/{MARK}", "type=renderer", f"app=http://{MARK}/",
]
HARMLESS = ["hide-scrollbars", "mute-audio", "window-size=800,600", "lang=de"]
DISGUISES = [
    "--{0}", "-{0}", "---{0}", "{0}", "/{0}", " --{0}", "--{0} ", "--{0}\n", "--{0}\0",
    "\u2014{0}", "--\u200b{0}", "-- {0}", '"--{0}"', "--{0};id", "--hide-scrollbars\t--{0}",
    "--hide-scrollbars --{0}", "--window-size=800,600 --{0}", "--lang=de\n--{0}",
]
CANDIDATES = sorted(
    {form.format(each) for each in DANGEROUS for form in DISGUISES[:6] + DISGUISES[-3:]}
    | {form.format(each) for each in HARMLESS for form in DISGUISES[1:]})
# The others have a meaning of their own; these must be text that is only text.
SMUGGLED = {"userAgent": f"Robot/1.0 --no-sandbox --renderer-cmd-prefix=/bin/{MARK}",
            "metadata": {"args": f"--proxy-server={MARK}:80"}}


def lines_of(server) -> list[list[str]]:
    """The command lines of all processes below the server."""
    return [line for line in (each.command for each in processes.descendants(server.pid)) if line]


def names(line: list[str]) -> set[str]:
    """The switches of a line; Chromium's children put all words into the first one, cut short."""
    words = line[0].split(" ")[:-1] if len(line) <= 2 and " " in line[0] else line
    return {word[2:].split("=")[0] for word in words if word.startswith("--")}


def switches(server) -> set[str]:
    """Switches of all processes of Chromium and of what jails it."""
    return set().union(*(names(line) for line in lines_of(server)))


@pytest.mark.timeout(120)
def test_300_switches_and_mutations_are_refused_and_start_nothing(server):
    assert len(CANDIDATES) >= 300
    started = server.fleet.get("/api/stats").json()["created"]
    for candidate in CANDIDATES:
        answer = server.fleet.post("/browsers", {"args": [candidate]})
        assert "args" in problem(answer, (400, 422))["detail"], candidate
        answer = server.fleet.post("/browsers", {"args": ["--hide-scrollbars", candidate]})
        assert answer.status_code in (400, 422), candidate
    assert server.fleet.get("/api/stats").json()["created"] == started
    assert not lines_of(server)


@pytest.mark.parametrize("wrong", [
    "--no-sandbox", {"no-sandbox": True}, [["--no-sandbox"]], [{"--no-sandbox": ""}], [None], [1],
    ["--hide-scrollbars"] * 51, ["--lang=" + "d" * 600],
], ids=str)
def test_arguments_of_another_shape_are_refused(server, wrong):
    problem(server.fleet.post("/browsers", {"args": wrong}), (400, 422))


@pytest.mark.parametrize("field", [
    "chromiumPath", "executablePath", "env", "userDataDir", "ignoreDefaultArgs", "extensions",
    "launch", "binary", "profile", "noSandbox",
])
def test_no_field_names_a_program_a_profile_or_an_environment(server, field):
    answer = server.fleet.post("/browsers", {field: f"/tmp/{MARK}"})
    assert field in problem(answer, (400, 422))["detail"]


def running(server, site, **fields) -> tuple[set[str], list[list[str]]]:
    """Switches and lines of a browser made with `fields` that has loaded a page."""
    made = server.fleet.create(**fields)
    with connected(made["wss"]) as connection:
        _, session = open_page(connection)
        visit(connection, session, site.url + "/")
        found = switches(server), lines_of(server)
    server.fleet.delete(made["id"])
    return found


@pytest.mark.parametrize("headful", [False, True], ids=["headless", "headful"])
def test_only_the_allow_list_reaches_the_command_line(server, site, headful):
    wanted = ["--hide-scrollbars", "--mute-audio", "--window-size=800,600", "--disable-lcd-text",
              "--force-color-profile=srgb", "--js-flags=--max-old-space-size=512"]
    plain, lines = running(server, site, headful=headful)
    assert len(lines) >= 6, "too few processes to have looked at a whole tree"
    more, _ = running(server, site, headful=headful, args=wanted)
    asked = {word[2:].split("=")[0] for word in wanted}
    assert asked <= more, "what is on the list arrives"
    # What Chromium itself hands to its children because of the six above, or to some of them only,
    # such as a process for the GPU that starts when it likes.
    derived = {"disable-font-subpixel-positioning", "enable-font-subpixel-positioning",
               "field-trial-handle", "use-gl"}
    assert more - plain - asked <= derived
    bad = {each.split("=")[0] for each in DANGEROUS} - plain - asked
    assert not bad & more
    assert not {"no-sandbox", "single-process", "remote-debugging-port", "renderer-cmd-prefix",
                "browser-subprocess-path", "load-extension", "disable-web-security"} & plain


def test_text_of_a_client_stays_one_word(server, site):
    plain, _ = running(server, site)
    more, lines = running(server, site, **SMUGGLED)
    whole = [line for line in lines if len(line) > 2]
    words = {word for line in whole for word in line if MARK in word}
    assert words <= {f"--user-agent={SMUGGLED['userAgent']}"}
    assert "metadata" not in str(lines) and f"{MARK}:80" not in str(lines)
    assert set().union(*(names(line) for line in whole)) - plain <= {"user-agent"}


def test_no_secret_of_a_proxy_is_on_a_command_line(server, site):
    made = server.fleet.create(proxy=f"http://s3cret-user:s3cret-pass@{site.authority}")
    try:
        text = str(lines_of(server))
        assert "s3cret" not in text and site.authority not in text
    finally:
        server.fleet.delete(made["id"])
