# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The life of a browser over REST, and what every bad call is told."""

import re
import shutil
import subprocess
import time
from datetime import datetime, timezone

import pytest

from harness.cdp import connected, evaluate, open_page, visit
from harness.rest import problem
from harness.waiting import eventually

ID = re.compile(r"^[a-z0-9-]+_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
UNKNOWN_LOCAL = "00000000-0000-4000-8000-000000000000"
PNG = b"\x89PNG\r\n\x1a\n"


def time_of(text: str) -> datetime:
    assert text.endswith("Z"), text
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


# The life of a browser


def test_a_browser_is_created_shown_listed_and_deleted(fleet):
    made = fleet.create(metadata={"test": "life"})
    assert ID.match(made["id"]), made["id"]
    assert made["wss"].startswith(fleet.socket_url + "/browsers/" + made["id"])
    assert fleet.key not in made["wss"]
    assert made["start"] in ("warm", "cold")
    assert time_of(made["expiresAt"]) > datetime.now(timezone.utc)
    assert abs((time_of(made["createdAt"]) - datetime.now(timezone.utc)).total_seconds()) < 10

    shown = fleet.describe(made["id"])
    assert shown["id"] == made["id"]
    assert shown["status"] == made["status"]
    assert shown["metadata"] == {"test": "life"}
    assert made["id"] in [each["id"] for each in fleet.get("/browsers").json()["browsers"]]

    answer = fleet.delete(made["id"])
    assert answer.status_code == 200
    assert answer.json() == {"deleted": True, "id": made["id"], "reason": "deleted"}
    eventually(lambda: fleet.has_ended(made["id"]), 5, "the browser is a tombstone")


def test_deleting_twice_says_the_same(fleet):
    made = fleet.create()
    first, second = fleet.delete(made["id"]), fleet.delete(made["id"])
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


def test_deleting_takes_a_json_content_type_with_an_empty_body(fleet, browser):
    headers = {"Content-Type": "application/json"}
    answer = fleet.call("DELETE", f"/browsers/{browser['id']}", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}])
def test_creating_takes_an_empty_body(fleet, headers):
    answer = fleet.call("POST", "/browsers", headers=headers)
    assert answer.status_code == 201, answer.text
    fleet.delete(answer.json()["id"])


def test_an_ended_browser_keeps_its_end_reason(fleet):
    made = fleet.create()
    fleet.delete(made["id"])
    eventually(lambda: fleet.has_ended(made["id"]), 5, "the browser is a tombstone")
    document = problem(fleet.get(f"/browsers/{made['id']}"), 410)
    assert "deleted" in str(document)


def test_the_list_is_filtered_by_metadata(fleet):
    made = [fleet.create(metadata={"colour": colour}) for colour in ("red", "blue")]
    try:
        answer = fleet.get("/browsers", params={"metadata.colour": "blue"})
        assert [each["id"] for each in answer.json()["browsers"]] == [made[1]["id"]]
    finally:
        for each in made:
            fleet.delete(each["id"])


def test_the_users_choices_reach_the_page(fleet, site):
    made = fleet.create(userAgent="Fleet Test/1.0", locale="de-DE", timezone="Asia/Tokyo",
                        viewport={"width": 801, "height": 602})
    try:
        with connected(made["wss"]) as connection:
            _, session = open_page(connection)
            visit(connection, session, site.url + "/")
            seen = evaluate(connection, session, "[navigator.userAgent, navigator.language,"
                            " Intl.DateTimeFormat().resolvedOptions().timeZone]")
        assert seen == ["Fleet Test/1.0", "de-DE", "Asia/Tokyo"]
        answer = fleet.get(f"/browsers/{made['id']}/screenshot", params={"url": site.url})
        assert int.from_bytes(answer.content[16:20], "big") == 801
    finally:
        fleet.delete(made["id"])


# Discovery and rendering


@pytest.mark.parametrize("path", ["json/version", "json/version/"])
def test_discovery_names_our_own_socket(fleet, browser, path):
    answer = fleet.get(f"/browsers/{browser['id']}/{path}").json()
    assert answer["webSocketDebuggerUrl"].startswith(fleet.socket_url)
    assert "Chrome/" in answer["Browser"] or "HeadlessChrome/" in answer["Browser"]
    assert answer["Protocol-Version"]
    with connected(answer["webSocketDebuggerUrl"]) as connection:
        assert connection.call("Browser.getVersion")["product"]


def test_discovery_lists_pages_with_sockets_that_work(fleet, browser):
    pages = fleet.get(f"/browsers/{browser['id']}/json/list").json()
    assert pages, "a browser begins with one page"
    with connected(pages[0]["webSocketDebuggerUrl"], fleet.headers) as connection:
        assert connection.call("Runtime.evaluate", {"expression": "6*7"})["result"]["value"] == 42


def test_discovery_gives_the_protocol(fleet, browser):
    answer = fleet.get(f"/browsers/{browser['id']}/json/protocol").json()
    assert "Target" in {domain["domain"] for domain in answer["domains"]}


@pytest.mark.parametrize(("call", "begins"), [
    ("screenshot", PNG), ("screenshot?format=png&fullPage=true", PNG),
    ("screenshot?format=jpeg&quality=40", b"\xff\xd8\xff"), ("pdf", b"%PDF-"),
])
def test_a_page_is_rendered(fleet, browser, site, call, begins):
    separator = "&" if "?" in call else "?"
    answer = fleet.get(f"/browsers/{browser['id']}/{call}{separator}url={site.url}/")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(begins)


def test_content_is_the_document_after_scripts_ran(fleet, browser, site):
    answer = fleet.get(f"/browsers/{browser['id']}/content", params={"url": site.url + "/"})
    assert answer.status_code == 200, answer.text
    assert "<title>allowed</title>" in answer.text


# The server


def test_health_is_public_and_complete(fleet):
    answer = fleet.with_key(None).get("/health")
    assert answer.status_code == 200
    fields = {"status", "serverId", "hostname", "browsers", "maxBrowsers", "available", "uptime",
              "memory", "activeSessions", "maxSessions", "activeConnections", "version",
              "chromium", "sandbox", "timestamp"}
    assert fields <= set(answer.json()), fields - set(answer.json())
    assert {"heapUsed", "heapTotal", "rss", "browsers"} <= set(answer.json()["memory"])


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_probes_are_public_and_short(fleet, path):
    answer = fleet.with_key(None).get(path)
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_load_counts_leases_against_capacity(fleet, browser):
    answer = fleet.with_key(None).get("/api/health").json()
    assert answer["sessions"]["active"] >= 1
    leased, capacity = answer["sessions"]["active"], fleet.get("/health").json()["maxBrowsers"]
    assert abs(answer["workers"]["averageLoad"] - leased / capacity) <= 0.01
    assert {"requests", "screenshots"} <= set(answer["queues"])


@pytest.mark.parametrize("path", ["/api/stats", "/limits"])
def test_figures_are_given_to_a_key(fleet, path):
    assert fleet.get(path).status_code == 200
    problem(fleet.with_key(None).get(path), 401)


def test_metrics_please_promtool(fleet, browser):
    answer = fleet.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing: apt-get install prometheus"
    checked = subprocess.run([promtool, "check", "metrics"], input=answer.content,
                             capture_output=True, timeout=20, check=False)
    assert checked.returncode == 0, (checked.stdout + checked.stderr).decode()
    assert checked.stdout + checked.stderr == b""


def test_the_api_describes_itself(fleet):
    document = fleet.with_key(None).get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "post" in document["paths"]["/browsers"]


# Bad input


BAD_FIELDS = [
    ({"colour": "red"}, "colour"),
    ({"headful": "yes"}, "headful"),
    ({"keepAliveMs": -1}, "keepAliveMs"),
    ({"idleTimeoutMs": "soon"}, "idleTimeoutMs"),
    ({"maxLifetimeMs": 1e300}, "maxLifetimeMs"),
    ({"queueTimeoutMs": 1.5}, "queueTimeoutMs"),
    ({"priority": "highest of all"}, "priority"),
    ({"viewport": {"width": 0, "height": 600}}, "viewport"),
    ({"viewport": {"width": 800}}, "viewport"),
    ({"viewport": {"width": 800, "height": 600, "depth": 3}}, "depth"),
    ({"viewport": [800, 600]}, "viewport"),
    ({"proxy": "nonsense"}, "proxy"),
    ({"proxy": {"username": "u"}}, "proxy"),
    ({"proxy": "ftp://127.0.0.1:21"}, "proxy"),
    ({"args": "--mute-audio"}, "args"),
    ({"args": ["--no-sandbox"]}, "args"),
    ({"args": ["--renderer-cmd-prefix=/bin/sh"]}, "args"),
    ({"args": ["--user-data-dir=/tmp/x"]}, "args"),
    ({"args": ["--remote-debugging-port=0"]}, "args"),
    ({"args": ["--proxy-server=127.0.0.1:1"]}, "args"),
    ({"metadata": "text"}, "metadata"),
    ({"userAgent": "a\r\nb"}, "userAgent"),
    ({"locale": "not a locale!"}, "locale"),
    ({"timezone": "Mars/Olympus"}, "timezone"),
]


@pytest.mark.parametrize(("fields", "named"), BAD_FIELDS, ids=[str(row[0])[:40] for row in BAD_FIELDS])
def test_a_bad_field_is_named(fleet, fields, named):
    document = problem(fleet.post("/browsers", fields), (400, 422))
    assert named in document["detail"], document


BAD_BODIES = [
    (b"{", "application/json", (400,)),
    (b"[1, 2]", "application/json", (400, 422)),
    (b"null", "application/json", (400, 422)),
    (b"\xff\xfe", "application/json", (400,)),
    (b'{"headful": false, "headful": true}', "application/json", (400, 422)),
    (b"{" + b'"a":{' * 5000 + b"}" * 5001, "application/json", (400, 422)),
    (b"headful=true", "application/x-www-form-urlencoded", (415,)),
    (b"{}", "text/plain", (415,)),
    (b'{"metadata":{"k":"' + b"v" * 4_000_000 + b'"}}', "application/json", (413,)),
]


@pytest.mark.parametrize(("body", "kind", "statuses"), BAD_BODIES,
                         ids=[str(row[0][:24]) for row in BAD_BODIES])
def test_a_bad_body_is_refused(fleet, body, kind, statuses):
    answer = fleet.call("POST", "/browsers", data=body, headers={"Content-Type": kind})
    problem(answer, statuses)


BAD_CALLS = [
    ("GET", "/nowhere", 404), ("PUT", "/browsers", 405), ("PATCH", "/health", 405),
    ("GET", "/browsers/not%20an%20id", 400), ("GET", "/browsers/UPPER_1", 400),
    ("DELETE", "/browsers/a_b_c", 400), ("GET", "/browsers/..%2f..%2fetc", 400),
    ("POST", "/browsers/%00/tokens", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), BAD_CALLS,
                         ids=[f"{row[0]} {row[1]}" for row in BAD_CALLS])
def test_a_bad_call_is_refused(fleet, method, path, status):
    answer = fleet.call(method, path)
    problem(answer, status)
    if status == 405:
        assert answer.headers["Allow"]


def test_an_id_nobody_made_is_not_found(fleet, browser):
    unknown = browser["id"].split("_")[0] + "_" + UNKNOWN_LOCAL
    problem(fleet.get(f"/browsers/{unknown}"), 404)
    problem(fleet.delete(unknown), 404)


@pytest.mark.parametrize(("query", "named"), [
    ("format=bmp", "format"), ("format=jpeg&quality=101", "quality"), ("quality=high", "quality"),
    ("fullPage=perhaps", "fullPage"), ("url=notaurl", "url"), ("url=file:///etc/passwd", "url"),
    ("targetId=none", "targetId"), ("colour=red", "colour"),
])
def test_a_bad_query_of_a_screenshot_is_named(fleet, browser, query, named):
    answer = fleet.get(f"/browsers/{browser['id']}/screenshot?{query}")
    assert named in problem(answer, (400, 404, 422))["detail"]


@pytest.mark.parametrize("key", [None, "wrong", "", "x" * 5000])
def test_without_the_right_key_nothing_is_done(fleet, browser, key):
    stranger = fleet.with_key(key)
    for method, path in [("POST", "/browsers"), ("GET", "/browsers"), ("GET", "/metrics"),
                         ("GET", f"/browsers/{browser['id']}"),
                         ("DELETE", f"/browsers/{browser['id']}"),
                         ("GET", f"/browsers/{browser['id']}/screenshot"),
                         ("GET", f"/browsers/{browser['id']}/json/version")]:
        assert stranger.call(method, path).status_code in (401, 431)
    assert fleet.get(f"/browsers/{browser['id']}").status_code == 200


def test_a_bearer_key_is_as_good(fleet):
    stranger = fleet.with_key(None)
    answer = stranger.get("/browsers", headers={"Authorization": f"Bearer {fleet.key}"})
    assert answer.status_code == 200


def test_after_all_bad_input_the_server_still_gives_browsers_quickly(fleet):
    before = time.monotonic()
    made = fleet.create()
    fleet.delete(made["id"])
    assert time.monotonic() - before < 10
