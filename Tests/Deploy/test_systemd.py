# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The unit: systemd starts it, shut in as it says, and browsers still get their jails."""

import re
import shutil
import subprocess

import pytest

# Runs inside as the only thing that is started; what it prints is the test's to judge.
CHECK = r"""#!/bin/bash
exec >/result 2>&1
export HOME=/root DATA_DIR=/var/lib/private/browserfleet FLEET_URL=http://127.0.0.1:3000
systemctl start browserfleet
echo "started: $?"
curl --silent --retry 90 --retry-delay 1 --retry-max-time 90 --retry-all-errors --fail \
    "$FLEET_URL/health/ready"
FLEET_API_KEY="$(cat "$DATA_DIR/local-key")"
export FLEET_API_KEY
id="$(fleetctl browsers create --output json | sed -n 's/.*"id" : "\(.*\)",/\1/p')"
fleetctl browsers screenshot "$id" --page 'data:text/html,<h1>Hello</h1>' --file /picture.png
echo "picture: $?"
fleetctl browsers delete "$id"
echo "sandbox: $(curl --silent "$FLEET_URL/health" | grep -o '"sandbox":"[a-z]*"')"
for process in $(pgrep --full 'type=zygote' | head -n 1); do
    grep -E '^(NoNewPrivs|Seccomp):' "/proc/$process/status"
    echo "user: $(stat --format %U "/proc/$process")"
done
systemctl stop browserfleet
systemctl show browserfleet --property Result --property ExecMainStatus

# The head of the template, with other ports.
cd /etc/browserfleet
for name in api-key internal-key; do openssl rand -hex 32 >$name; done
chmod 600 api-key internal-key
printf 'ROLE=gateway\nPORT=3100\n' >gateway.environment
printf 'ROLE=node\nPORT=3101\nDOMAIN=server1.example.com\nGATEWAYS=http://127.0.0.1:3100\n' \
    >server1.environment
systemctl start browserfleet@gateway browserfleet@server1
echo "fleet started: $?"
export FLEET_URL=http://127.0.0.1:3100
FLEET_API_KEY="$(cat api-key)"
for _ in $(seq 50); do fleetctl servers list | grep ' active ' && break; sleep 0.2; done
fleetctl browsers create
systemctl stop browserfleet@server1 browserfleet@gateway
systemctl show browserfleet@server1 browserfleet@gateway --property Result --property ExecMainStatus
ls /var/lib/private
echo "left: $(pgrep --full 'chromium|bwrap' --count)"
journalctl --unit 'browserfleet*' --no-pager --lines 60
poweroff --force
"""
SERVICE = """[Service]
Type=oneshot
ExecStart=/usr/local/bin/check
StandardInput=null
"""
TARGET = """[Unit]
Requires=check.service basic.target
"""


@pytest.fixture(params=["browserfleet.service", "browserfleet@.service"])
def unit(deploy, tmp_path, request):
    """A copy of a unit whose program exists here; of a template, an instance."""
    copy = tmp_path / request.param.replace("@", "@server1")
    text = (deploy / request.param).read_text()
    copy.write_text(text.replace("/usr/local/bin/fleetctl", "/usr/bin/true"))
    return copy


def test_systemd_reads_the_unit_without_complaint(unit):
    done = subprocess.run(["systemd-analyze", "verify", unit], timeout=60, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    complaints = [line for line in done.stdout.splitlines() if unit.name in line]
    assert complaints == []


def test_the_unit_is_shut_in_well(unit):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit], timeout=60,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    level = float(re.search(r"exposure level .*: ([0-9.]+)", done.stdout).group(1))
    print("exposure level", level)
    assert level <= 3.2


def test_under_systemd_browsers_run_in_jails_and_servers_behind_a_gateway(machine, deploy, program):
    # A server of root's on this machine keeps its data where systemd makes a folder for the unit.
    shutil.rmtree(machine / "var/lib/browserfleet", ignore_errors=True)
    place = machine / "etc/systemd/system"
    (machine / "etc/browserfleet").mkdir()
    for name in ("browserfleet.service", "browserfleet@.service"):
        shutil.copy(deploy / name, place)
        (place / f"{name}.d").mkdir()
        (place / f"{name}.d/quick.conf").write_text(
            "[Service]\nEnvironment=DRAIN_TIMEOUT=1s WARM_BROWSERS=1 MAX_CPU_PERCENT=100\n")
    (place / "check.service").write_text(SERVICE)
    (place / "check.target").write_text(TARGET)
    (machine / "usr/local/bin").mkdir(parents=True, exist_ok=True)
    shutil.copy(program, machine / "usr/local/bin/fleetctl")
    (machine / "usr/local/bin/check").write_text(CHECK)
    (machine / "usr/local/bin/check").chmod(0o755)
    booted = subprocess.run(
        ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
         "--directory", machine, "--boot", "systemd.unit=check.target"],
        timeout=240, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace")
    result = machine / "result"
    said = result.read_text() if result.exists() else booted.stdout
    assert "started: 0" in said, said
    assert "picture: 0" in said, said
    assert 'sandbox: "sandbox":"jail"' in said, said
    assert re.search(r"NoNewPrivs:\s+1\n", said), said
    assert "Result=success\nExecMainStatus=0" in said, said
    assert "left: 0" in said, said
    assert "fleet started: 0" in said, said
    assert re.search(r"server1\.example\.com .* active ", said), said
    assert "browsers delete server1-example-com_" in said, said
    assert said.count("Result=success\nExecMainStatus=0") == 3, said
    assert re.search(r"^browserfleet-gateway\nbrowserfleet-server1$", said, re.M), said
