# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

.DEFAULT_GOAL := help
.PHONY: help run demo test bench soak build lint format install-packages clean

help: ## says what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

run: ## installs what is missing, builds, and serves on 127.0.0.1:3000
	@Scripts/packages.sh run
	@Scripts/build.sh release
	@exec .build/release/fleetctl serve

demo: ## creates a browser, loads a local page and saves a screenshot
	@Scripts/packages.sh run
	@Scripts/build.sh release
	@Scripts/demo.sh .build/release/fleetctl

test: ## installs what the tests need and runs all of them
	@Scripts/packages.sh run test
	@Scripts/test.sh

bench: ## measures this and its peers in one run and prints a table
	@Scripts/packages.sh run test
	@Scripts/build.sh release
	@Scripts/bench.sh

soak: ## the long forms of the tests
	@Scripts/packages.sh run test
	@FLEET_SOAK=1 Scripts/test.sh

build: ## builds fleetctl for use: .build/release/fleetctl
	@Scripts/packages.sh run
	@Scripts/build.sh release

lint: ## checks the format of every Swift file, and the shell scripts
	@Scripts/lint.sh

format: ## formats every Swift file
	@Scripts/lint.sh --fix

install-packages: ## installs the Debian packages for running and testing
	@Scripts/packages.sh run test

clean: ## removes what was built
	rm -rf .build .build-* .venv-*
