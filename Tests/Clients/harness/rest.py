# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The REST calls of the tests, as a user would write them with `requests`."""

import requests

TIMEOUT = 30
KNOWN_ENDS = (200, 410)


class Fleet:
    """One server and one key; `certificate` is whom to trust behind `https`."""

    def __init__(self, url: str, key: str | None, certificate: str | None = None):
        self.url = url.rstrip("/")
        self.key = key
        self.certificate = certificate
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = certificate or True
        if key:
            self.session.headers["X-API-Key"] = key

    @property
    def socket_url(self) -> str:
        """The server's URL with the scheme of WebSockets."""
        return "ws" + self.url.removeprefix("http")

    @property
    def headers(self) -> dict[str, str]:
        """What shows the key to a client that takes headers."""
        return {"X-API-Key": self.key} if self.key else {}

    def with_key(self, key: str | None) -> "Fleet":
        """The same server, asked with another key, or with none."""
        return Fleet(self.url, key, self.certificate)

    def call(self, method: str, path: str, **options) -> requests.Response:
        """One call; every call is bounded."""
        options.setdefault("timeout", TIMEOUT)
        return self.session.request(method, self.url + path, **options)

    def get(self, path: str, **options) -> requests.Response:
        """GET `path`."""
        return self.call("GET", path, **options)

    def post(self, path: str, body=None, **options) -> requests.Response:
        """POST `path` with a JSON body, or with none."""
        if body is not None:
            options["json"] = body
        return self.call("POST", path, **options)

    def create(self, **fields) -> dict:
        """Creates a browser, or fails with the problem the server named."""
        answer = self.post("/browsers", fields)
        assert answer.status_code == 201, f"{answer.status_code}: {answer.text}"
        return answer.json()

    def delete(self, browser_id: str) -> requests.Response:
        """Deletes a browser."""
        return self.call("DELETE", f"/browsers/{browser_id}")

    def describe(self, browser_id: str) -> dict:
        """What the server says of a browser, alive or ended."""
        answer = self.get(f"/browsers/{browser_id}")
        assert answer.status_code in KNOWN_ENDS, f"{answer.status_code}: {answer.text}"
        return answer.json()

    def has_ended(self, browser_id: str) -> bool:
        """Whether a browser is only a tombstone by now."""
        return self.get(f"/browsers/{browser_id}").status_code == 410


def refusal(fleet: Fleet) -> str:
    """Why a call for a browser that does not wait gets none; nothing if it gets one."""
    answer = fleet.post("/browsers", {"queueTimeoutMs": 0})
    if answer.status_code == 201:
        fleet.delete(answer.json()["id"])
        return ""
    return problem(answer, 503)["detail"]


def problem(answer: requests.Response, status: int | tuple[int, ...]) -> dict:
    """The problem document of a refusal, after checking its status and its shape (RFC 9457)."""
    allowed = (status,) if isinstance(status, int) else status
    assert answer.status_code in allowed, f"{answer.status_code}: {answer.text[:500]}"
    kind = answer.headers.get("Content-Type", "")
    assert kind.startswith("application/problem+json"), kind
    document = answer.json()
    for field in ("type", "title", "status", "detail", "code"):
        assert field in document, f"{field} is missing in {document}"
    assert document["status"] == answer.status_code
    assert document["code"], document
    return document
