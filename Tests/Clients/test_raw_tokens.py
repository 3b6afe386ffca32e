# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The tokens in `wss`: for one browser, one scope and a while."""

import re

import pytest

from harness.cdp import Connection, connected, refusal
from harness.rest import problem
from harness.waiting import eventually


def token_of(url: str) -> str:
    return re.search(r"[?&]token=([^&]+)", url).group(1)


def with_token(fleet, browser_id: str, token: str) -> str:
    return f"{fleet.socket_url}/browsers/{browser_id}?token={token}"


def test_a_token_opens_its_browser_with_no_key(browser):
    with connected(browser["wss"]) as connection:
        assert connection.call("Browser.getVersion")["product"]


def test_the_key_in_a_header_opens_it_too(fleet, browser):
    url = f"{fleet.socket_url}/browsers/{browser['id']}"
    with connected(url, fleet.headers) as connection:
        assert connection.call("Browser.getVersion")["product"]


@pytest.mark.parametrize("spoil", [
    lambda token: "", lambda token: "x", lambda token: token[:-4],
    lambda token: ("A" if token[0] != "A" else "B") + token[1:], lambda token: token + "A",
    lambda token: token * 40,
], ids=["empty", "short", "cut", "changed", "longer", "forty times"])
def test_a_spoiled_token_is_refused(fleet, browser, spoil):
    token = spoil(token_of(browser["wss"]))
    status, document = refusal(with_token(fleet, browser["id"], token))
    assert status in (401, 403) and document["code"], document


def test_a_browsers_token_opens_no_other(fleet, browser):
    other = fleet.create()
    try:
        status, document = refusal(with_token(fleet, other["id"], token_of(browser["wss"])))
        assert status in (401, 403) and document["code"]
    finally:
        fleet.delete(other["id"])


def test_a_token_expires(fleet, browser):
    answer = fleet.post(f"/browsers/{browser['id']}/tokens", {"scope": "control", "ttlMs": 1000})
    assert answer.status_code in (200, 201), answer.text
    url = answer.json()["wss"]
    connection = Connection(url)

    def is_refused():
        try:
            Connection(url).close()
        except Exception as refused:  # websockets' own kinds of error
            return getattr(getattr(refused, "response", None), "status_code", None) in (401, 403)
        return False

    eventually(is_refused, 4, "the token has expired")
    assert connection.call("Browser.getVersion")["product"], "who is in stays in"
    connection.close()


@pytest.mark.parametrize(("fields", "named"), [
    ({"scope": "admin"}, "scope"), ({"ttlMs": 0}, "ttlMs"), ({"ttlMs": -5}, "ttlMs"),
    ({"ttlMs": "long"}, "ttlMs"), ({"colour": 1}, "colour"),
])
def test_a_bad_wish_for_a_token_is_named(fleet, browser, fields, named):
    answer = fleet.post(f"/browsers/{browser['id']}/tokens", fields)
    assert named in problem(answer, (400, 422))["detail"]


def test_a_token_to_view_does_not_control(fleet, browser):
    answer = fleet.post(f"/browsers/{browser['id']}/tokens", {"scope": "view", "ttlMs": 60000})
    assert answer.status_code in (200, 201), answer.text
    status, _ = refusal(with_token(fleet, browser["id"], token_of(answer.json()["wss"])))
    assert status in (401, 403)


def test_a_foreign_page_cannot_open_a_socket(browser):
    status, document = refusal(browser["wss"], {"Origin": "http://evil.example"})
    assert status == 403 and document["code"]


def test_a_host_we_do_not_have_is_misdirected(fleet):
    problem(fleet.get("/browsers", headers={"Host": "evil.example"}), 421)
    assert fleet.get("/health", headers={"Host": "evil.example"}).status_code == 200


def test_an_ended_browser_refuses_before_the_upgrade(fleet):
    made = fleet.create()
    fleet.delete(made["id"])
    eventually(lambda: fleet.has_ended(made["id"]), 5, "the browser has ended")
    status, document = refusal(made["wss"])
    assert status == 410 and document["code"]
