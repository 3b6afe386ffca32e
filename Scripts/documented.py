# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0
"""Names the public symbols of symbol graphs that have no comment of their own; exits 1 if any."""

import json
import sys

# Witnesses of protocols of the standard library say what those say.
WITNESSES = {
    "==(_:_:)", "<(_:_:)", "hash(into:)", "hashValue", "encode(to:)", "init(from:)", "rawValue",
    "init(rawValue:)", "allCases", "RawValue", "AllCases", "Output", "Value", "Element",
}


def undocumented(graph):
    """Full names of symbols without a comment."""
    for symbol in graph["symbols"]:
        if "docComment" in symbol or symbol["pathComponents"][-1] in WITNESSES:
            continue
        if symbol["kind"]["identifier"] == "swift.extension":
            continue
        yield ".".join(symbol["pathComponents"])


def main(paths):
    """Looks at every graph."""
    missing = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            missing += undocumented(json.load(file))
    for name in sorted(set(missing)):
        print(f"error: {name} is public and has no documentation comment")
    return 1 if missing else 0


sys.exit(main(sys.argv[1:]))
