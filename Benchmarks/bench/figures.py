# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Rows of the table, their targets, and what they are printed as."""

import math
import statistics
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One figure. `at_most` says which way the target lies; without a target it is for comparison."""

    group: str
    name: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = True

    @property
    def verdict(self) -> str:
        """HIT, MISS, or nothing where no target was set."""
        if self.target is None:
            return ""
        hit = self.value <= self.target if self.at_most else self.value >= self.target
        return "HIT" if hit else "MISS"

    def as_json(self) -> dict:
        """The row with its verdict, for the file."""
        return asdict(self) | {"verdict": self.verdict}


def percentile(samples: list[float], share: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(samples: list[float]) -> float:
    """The median."""
    return statistics.median(samples)


def ratio(over: list[float], under: list[float]) -> float:
    """The median of the ratios, round by round: what disturbs a round disturbs both."""
    return median([above / below for above, below in zip(over, under, strict=True) if below > 0])


def number(value: float) -> str:
    """A figure with as many digits as mean something."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: list[Row]) -> str:
    """The table in Markdown, so that it can be pasted into a document."""
    lines = ["| what | measured | target | |", "|---|---:|---:|---|"]
    group = None
    for row in rows:
        if row.group != group:
            group = row.group
            lines.append(f"| **{group}** | | | |")
        sign = "<=" if row.at_most else ">="
        target = "" if row.target is None else f"{sign} {number(row.target)} {row.unit}"
        lines.append(f"| {row.name} | {number(row.value)} {row.unit} | {target} | {row.verdict} |")
    return "\n".join(lines)
