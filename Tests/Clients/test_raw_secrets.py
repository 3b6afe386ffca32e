# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Secrets that are put in show up nowhere: no log, answer, metric, command line or environment."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

from harness import processes
from harness.cdp import connected, open_page, refusal
from harness.server import KEY

JWT_SECRET = "seeded-jwt-secret-0123456789abcdef"
PROXY_PASSWORD = "seeded-proxy-password"
WRONG_KEY = "seeded-wrong-key"
SETTINGS = {"JWT_SECRET": JWT_SECRET, "LOG_LEVEL": "trace", "LOG_FORMAT": "json"}


def token(**claims) -> str:
    """An HS256 token, as an issuer would write it."""
    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")
    body = {"sub": "alice", "exp": time.time() + 60, "scope": "browsers"} | claims
    text = f"{part(json.dumps({'alg': 'HS256'}).encode())}.{part(json.dumps(body).encode())}"
    signature = hmac.new(JWT_SECRET.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{part(signature)}"


def test_seeded_secrets_show_up_nowhere(server, fleet):
    good, expired = token(), token(exp=1)
    alice = fleet.with_key(good)
    seen = []
    proxied = alice.post("/browsers", {
        "proxy": f"http://user:{PROXY_PASSWORD}@127.0.0.1:9", "metadata": {"a": "b"}})
    assert proxied.status_code == 201, proxied.text
    made = proxied.json()
    seen += [alice.get(f"/browsers/{made['id']}").text, alice.get("/browsers").text]
    seen.append(alice.post("/browsers", {"proxy": f"http://u:{PROXY_PASSWORD}@host:0"}).text)
    seen.append(alice.get(f"/browsers/{made['id']}/content",
                          params={"url": "http://example.com/"}).text)
    for key in (WRONG_KEY, expired, good[:-4]):
        answer = fleet.with_key(key).get("/browsers")
        assert answer.status_code == 401
        seen.append(answer.text)
    status, problem = refusal(f"{fleet.socket_url}/connect?token={WRONG_KEY}")
    assert status == 401
    seen.append(json.dumps(problem))
    with connected(made["wss"]) as connection:
        open_page(connection)
        below = processes.descendants(server.pid)
        assert any(process.is_chromium() for process in below)
        for process in below:
            for name in ("cmdline", "environ"):
                try:
                    raw = Path(f"/proc/{process.pid}/{name}").read_bytes()
                except OSError:  # it has ended meanwhile
                    continue
                seen.append(raw.decode(errors="replace"))
    alice.delete(made["id"])
    seen += [fleet.get(path).text
             for path in ("/metrics", "/api/stats", "/limits", "/health", "/openapi.json")]
    seen.append(server.log.read_text(errors="replace"))
    browser_token = made["wss"].split("token=")[1]
    # The browser's own token is in the answers to its owner, as it must be, and nowhere else.
    everywhere = [KEY, JWT_SECRET, PROXY_PASSWORD, WRONG_KEY, good, expired]
    found = [secret for secret in everywhere if any(secret in text for text in seen)]
    assert not found
    assert not any(browser_token in text for text in seen[2:])
