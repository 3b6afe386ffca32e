# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A Playwright that connects, opens a page, and is then stopped by its test.

Usage: frozen_playwright.py URL. Says `attached` once it is connected.
"""

import sys

from playwright.sync_api import sync_playwright


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(sys.argv[1])
        browser.new_page()
        print("attached", flush=True)
        sys.stdin.readline()


main()
