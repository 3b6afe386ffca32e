# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A client that attaches to everything that starts, and is then stopped by its test.

Usage: frozen_client.py URL. Says `attached` once every new page waits for it.
"""

import sys

from harness.cdp import Connection


def main() -> None:
    connection = Connection(sys.argv[1])
    connection.call("Target.setDiscoverTargets", {"discover": True})
    connection.call("Target.setAutoAttach", {
        "autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True})
    print("attached", flush=True)
    sys.stdin.readline()


main()
