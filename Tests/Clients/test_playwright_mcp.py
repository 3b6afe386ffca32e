# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""playwright-mcp, as it ships inside Playwright's own driver, over its standard input and output."""

import json
import queue
import subprocess
import threading
import time

import pytest
from playwright._impl._driver import compute_driver_executable

VERSION = "2025-06-18"


class Tools:
    """An MCP client of a few lines: JSON-RPC, one message a line."""

    def __init__(self, folder, *arguments: str):
        node, command = compute_driver_executable()
        self.process = subprocess.Popen(
            [node, command, "mcp", "--output-dir", str(folder), *arguments], cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._last = 0
        self.ask("initialize", {"protocolVersion": VERSION, "capabilities": {},
                                "clientInfo": {"name": "fleet-tests", "version": "1"}})
        self._say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)

    def _say(self, message: dict) -> None:
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, method: str, params: dict, within: float = 30) -> dict:
        self._last += 1
        self._say({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params})
        deadline = time.monotonic() + within
        while True:
            message = json.loads(self._lines.get(timeout=max(0.01, deadline - time.monotonic())))
            if message.get("id") == self._last and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def use(self, tool: str, **arguments) -> str:
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        text = "\n".join(part.get("text", "") for part in result["content"])
        assert not result.get("isError"), text
        return text

    def stop(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@pytest.fixture(params=["socket url", "http url and header"])
def tools(request, fleet, browser, tmp_path):
    """A server of tools that uses our browser."""
    if request.param == "socket url":
        arguments = ["--cdp-endpoint", browser["wss"]]
    else:
        arguments = ["--cdp-endpoint", f"{fleet.url}/browsers/{browser['id']}",
                     "--cdp-header", f"X-API-Key: {fleet.key}"]
    running = Tools(tmp_path, *arguments)
    yield running
    running.stop()


def test_an_agent_opens_reads_and_presses(tools, site):
    names = {tool["name"] for tool in tools.ask("tools/list", {})["tools"]}
    assert {"browser_navigate", "browser_snapshot", "browser_click"} <= names
    tools.use("browser_navigate", url=site.url + "/agent")
    seen = tools.use("browser_snapshot")
    assert 'heading "allowed"' in seen
    reference = seen.split('button "press" [ref=')[1].split("]")[0]
    try:
        tools.use("browser_click", element="press", target=reference)
    except AssertionError:
        tools.use("browser_click", element="press", ref=reference)
    assert 'button "pressed"' in tools.use("browser_snapshot")
    assert "/agent" in site.visits
