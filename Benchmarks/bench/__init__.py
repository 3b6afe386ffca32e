# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Measures a node and its peers in one run; `python -m bench` prints the table."""
