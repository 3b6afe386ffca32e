# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What an operator watches: /metrics, the rules and the dashboard made of it, the log.

Every metric that `Deploy` names must be one that a server exports, and every alert must have its
paragraph in Docs/Operations.md.
"""

import json
import re
import shutil
import subprocess

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness.rest import problem
from harness.server import KEY, REPOSITORY
from harness.waiting import eventually

SETTINGS = {"LOG_FORMAT": "json", "LOG_LEVEL": "debug", "MAX_BROWSERS": "1"}
RULES = REPOSITORY / "Deploy" / "prometheus" / "alerts.yml"
RULE_TESTS = REPOSITORY / "Deploy" / "prometheus" / "alerts_test.yml"
DASHBOARD = REPOSITORY / "Deploy" / "grafana" / "browserfleet.json"
OPERATIONS = REPOSITORY / "Docs" / "Operations.md"
NAME = re.compile(r"\b(?:browserfleet|process)_[a-z0-9_]+")
TRACE = "0af7651916cd43dd8448eb211c80319c"


def promtool(*arguments: str, text: str | None = None) -> str:
    """Runs promtool, which must be there and must be content."""
    assert shutil.which("promtool"), "promtool is missing: apt-get install prometheus"
    done = subprocess.run(["promtool", *arguments], input=text, text=True, timeout=60,
                          capture_output=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def used(server):
    """A server that has created, driven and deleted a browser."""
    fleet = server.fleet
    made = fleet.create()
    with connect(made["wss"]) as client:
        client.send('{"id":1,"method":"Browser.getVersion"}')
        assert '"product"' in client.recv(timeout=10)
        problem(fleet.post("/browsers", {"queueTimeoutMs": 50}), 503)
        assert fleet.delete(made["id"]).status_code == 200
        # A client that leaves first is not one that was closed.
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)
    fleet.get("/browsers/none", headers={"X-Request-Id": "seen-1",
                                         "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    problem(fleet.with_key("bf_not-a-key").get("/browsers"), 401)
    # The use of the processor needs two samples.
    eventually(lambda: "browserfleet_cpu_use_ratio" in fleet.get("/metrics").text, 10, "sampled")
    return server


@pytest.fixture(scope="module")
def metrics(used):
    """The text of /metrics."""
    answer = used.fleet.get("/metrics")
    assert answer.status_code == 200
    return answer.text


def exported(text: str) -> set[str]:
    """The names of all series."""
    return {re.match(r"[a-z0-9_]+", line).group()
            for line in text.splitlines() if line and not line.startswith("#")}


# /metrics


def test_promtool_finds_no_fault_in_the_metrics(metrics):
    assert promtool("check", "metrics", text=metrics).strip() == ""


def test_promtool_does_find_faults():
    with pytest.raises(AssertionError):
        promtool("check", "metrics", text="# TYPE a counter\na 1\n")


@pytest.mark.parametrize("name", ["acquire", "launch", "queue_wait", "cdp_round_trip"])
def test_the_histograms_of_the_contract_have_counted(metrics, name):
    counts = re.findall(rf"^browserfleet_{name}_seconds_count\S* (\d+)$", metrics, re.MULTILINE)
    assert counts and sum(map(int, counts)) >= 1
    buckets = re.findall(
        rf'^browserfleet_{name}_seconds_bucket{{.*le="\+Inf"}} (\d+)$', metrics, re.MULTILINE)
    assert buckets == counts


def test_nothing_secret_and_no_browser_is_a_label(used, metrics):
    assert KEY not in metrics and "token=" not in metrics
    ended = used.fleet.get("/browsers?status=ended").json()["browsers"]
    assert ended and all(each["id"] not in metrics for each in ended)


# Deploy


def test_the_alert_rules_hold_and_their_tests_pass():
    promtool("check", "rules", str(RULES))
    promtool("test", "rules", str(RULE_TESTS))


@pytest.mark.parametrize("path", [RULES, RULE_TESTS, DASHBOARD], ids=lambda path: path.name)
def test_every_metric_named_in_deploy_is_exported(metrics, path):
    named = set(NAME.findall(path.read_text()))
    assert len(named) >= 8, "the search for names finds too little"
    assert named - exported(metrics) == set()


def test_every_alert_is_tested_and_has_a_runbook():
    rules, tested = RULES.read_text(), RULE_TESTS.read_text()
    headings = re.findall(r"^#+ (.+)$", OPERATIONS.read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}
    alerts = re.split(r"^ +- alert: ", rules, flags=re.MULTILINE)[1:]
    assert len(alerts) >= 10
    for alert in alerts:
        name = alert.split("\n")[0]
        assert f"alertname: {name}" in tested, f"{name} has no test"
        path, _, anchor = re.search(r'runbook_url: "(.+)"', alert).group(1).partition("#")
        assert (REPOSITORY / path) == OPERATIONS
        assert anchor in anchors, f"{name}: there is no heading for #{anchor}"


def test_every_alert_that_the_dashboard_names_exists():
    named = re.findall(r"Alert: (\w+)", DASHBOARD.read_text())
    assert named and all(f"- alert: {each}\n" in RULES.read_text() for each in named)
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({each["id"] for each in panels}) == len(panels)


# The log


def lines(server) -> list[dict]:
    """The server's log: all of it but the greeting is one JSON object a line."""
    text = server.log.read_text()
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def audit_lines(server) -> list[dict]:
    return [line for line in lines(server) if "audit" in line]


def test_every_line_has_the_fixed_members(used):
    found = lines(used)
    assert found
    for line in found:
        assert list(line)[:4] == ["timestamp", "level", "label", "message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["timestamp"])


def test_who_did_what_is_in_the_log(used):
    eventually(lambda: [each["audit"] for each in audit_lines(used)].count("delete"), 5, "audited")
    found = audit_lines(used)
    assert {"create", "connect", "disconnect", "delete", "call"} <= {e["audit"] for e in found}
    for line in found:
        assert line["address"] == "127.0.0.1" and line["requestId"]
        assert line["outcome"] in ("ok", "deleted", "queue-timeout", "invalid-key")
    refused = next(each for each in found if each["audit"] == "call")
    assert refused["outcome"] == "invalid-key" and refused["status"] == "401"


def test_a_trace_is_followed_through_the_log(used):
    spans = [each for each in lines(used) if each.get("span") and each["traceId"] == TRACE]
    assert [each["requestId"] for each in spans] == ["seen-1"]
    assert spans[0]["parentSpanId"] == "b7ad6b7169203331" and float(spans[0]["durationMs"]) > 0
    names = {each["span"] for each in lines(used) if each.get("span")}
    assert {"launch", "acquire", "POST /browsers"} <= names


def test_no_secret_is_in_the_log(used):
    text = used.log.read_text()
    assert KEY not in text and "bf_not-a-key" not in text and "token=" not in text
