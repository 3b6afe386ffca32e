# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A container as Docker makes it: with Deploy/seccomp.json browsers get their jails, without not."""

import pytest

import container
from conftest import REPOSITORY


def demo(program, *flags):
    """Serves, creates a browser, takes a picture of a page, and ends all of it."""
    return [REPOSITORY / "Scripts" / "demo.sh", program, "/tmp/demo.png", *flags]


# Root needs Docker's own capabilities to become the user that browsers run as.
@pytest.mark.parametrize("user, capabilities", [(0, True), (1000, True), (1000, False)])
def test_with_the_profile_browsers_run_in_jails(machine, deploy, program, user, capabilities):
    done = container.run(
        machine, REPOSITORY, demo(program), user=user, capabilities=capabilities, unmasked=True,
        seccomp=container.profile_of(deploy / "seccomp.json"))
    assert done.returncode == 0, done.stdout
    assert "the picture is in /tmp/demo.png" in done.stdout


def test_in_a_user_namespace_browsers_run_in_jails(machine, deploy, program):
    """What `pod.yaml` asks for: `hostUsers: false`, no capability, `procMount: Unmasked`."""
    done = container.run(
        machine, REPOSITORY, demo(program), user=1000, capabilities=False, unmasked=True,
        mapped=True, seccomp=container.profile_of(deploy / "seccomp.json"))
    assert done.returncode == 0, done.stdout


def test_without_the_profile_the_server_says_what_is_missing(machine, program):
    done = container.run(
        machine, REPOSITORY, [program, "serve"], user=1000, capabilities=True, unmasked=True,
        seccomp=container.default_profile())
    assert done.returncode == 1, done.stdout
    assert "seccomp=Deploy/seccomp.json" in done.stdout


def test_with_a_masked_proc_the_server_says_what_is_missing(machine, deploy, program):
    done = container.run(
        machine, REPOSITORY, [program, "serve"], user=1000, capabilities=True, unmasked=False,
        seccomp=container.profile_of(deploy / "seccomp.json"))
    assert done.returncode == 1, done.stdout
    assert "systempaths=unconfined" in done.stdout


def test_the_second_choice_runs_where_no_jail_can_be_had(machine, program):
    done = container.run(
        machine, REPOSITORY, demo(program, "--no-sandbox"), user=1000, capabilities=True,
        unmasked=False, seccomp=container.default_profile(),
        environment={"ISOLATION": "container"})
    assert done.returncode == 0, done.stdout


def test_nothing_falls_back_to_no_sandbox_by_itself(machine, program):
    done = container.run(
        machine, REPOSITORY, [program, "serve"], user=1000, capabilities=True, unmasked=False,
        seccomp=container.default_profile(), environment={"ISOLATION": "container"})
    assert done.returncode == 1, done.stdout
    assert "--no-sandbox" in done.stdout


@pytest.mark.parametrize("call", ["keyctl", "bpf", "io_uring_setup", "open_by_handle_at", "reboot"])
def test_the_profile_withholds_what_no_jail_needs(machine, deploy, call):
    number = {"keyctl": 250, "bpf": 321, "io_uring_setup": 425, "open_by_handle_at": 304,
              "reboot": 169}[call]
    attempt = ("import ctypes; c = ctypes.CDLL(None, use_errno=True); "
               f"c.syscall({number}, -1, 0, 0, 0); print('errno', ctypes.get_errno())")
    done = container.run(
        machine, REPOSITORY, ["/usr/bin/python3", "-c", attempt], user=0, capabilities=True,
        unmasked=True, seccomp=container.profile_of(deploy / "seccomp.json"))
    assert "errno 1\n" in done.stdout
