# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What the client tests and the benchmarks share: a server, its REST calls, a site, processes."""
