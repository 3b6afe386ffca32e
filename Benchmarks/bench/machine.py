# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What the figures were measured on."""

import os
import platform
import subprocess
from pathlib import Path


def _first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "none"
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines else "none"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def describe() -> dict[str, str]:
    """Processor, cores, memory, system and versions; no names of people or hosts."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{pages / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "chromium": _first_line("chromium-headless-shell", "--version"),
        "haproxy": " ".join(_first_line("haproxy", "-v").split()[:3]),
        "load at the start": f"{os.getloadavg()[0]:.2f}",
    }


def line() -> str:
    """The description in one line."""
    return ", ".join(f"{name} {value}" for name, value in describe().items())
