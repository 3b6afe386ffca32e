# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Scripts/packages.sh on machines that lack something: everything it asks is answered by stubs."""

import shutil
import subprocess

import pytest

from conftest import REPOSITORY

SCRIPT = REPOSITORY / "Scripts" / "packages.sh"
REAL = ("awk", "bash", "dirname", "env", "true")
MISSING = "bubblewrap xvfb"


@pytest.fixture
def machine_with(tmp_path):
    """Runs the script where only the stubs are: name and body of each."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in REAL:
        (folder / name).symlink_to(shutil.which(name))

    def run(*words: str, **stubs: str) -> subprocess.CompletedProcess:
        for name, body in stubs.items():
            stub = folder / name.replace("_", "-")
            stub.write_text(f"#!{folder}/bash\n{body}\n")
            stub.chmod(0o755)
        return subprocess.run(
            [SCRIPT, *words], env={"PATH": str(folder), "LOG": str(tmp_path / "log")}, text=True,
            timeout=20, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    return run


def without(names: str) -> str:
    """A dpkg-query that has everything but these; those it has after apt-get was called."""
    return (f'case " {names} " in *" ${{@: -1}} "*) [ -f "$LOG" ] || exit 1 ;; esac\n'
            "printf installed")


APT = 'printf "%s %s\\n" "${DEBIAN_FRONTEND:-}" "$*" >>"$LOG"'
ALL = {"swift": "", "dpkg_query": without(""), "id": "echo 1000"}


def test_where_all_is_there_it_says_nothing(machine_with):
    done = machine_with("run", "test", **ALL)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_machine_without_swift_is_told_so_first(machine_with):
    done = machine_with("run", dpkg_query=without(MISSING), id="echo 1000")
    assert done.returncode == 1
    assert "Swift is missing" in done.stdout and "swift.org/install" in done.stdout
    assert "bubblewrap" not in done.stdout


@pytest.mark.parametrize("stubs", [{}, {"sudo": "exit 1"}], ids=["no sudo", "a password"])
def test_an_ordinary_user_is_told_the_command(machine_with, stubs):
    done = machine_with("run", **(ALL | {"dpkg_query": without(MISSING)} | stubs))
    assert done.returncode == 1
    assert f"missing: {MISSING}" in done.stdout
    assert ("  sudo apt-get update && sudo apt-get install --yes --no-install-recommends "
            f"{MISSING}\n") in done.stdout


@pytest.mark.parametrize("stubs", [
    {"id": "echo 0"}, {"id": "echo 1000", "sudo": 'shift\nexec "$@"'}], ids=["root", "sudo"])
def test_who_may_install_is_asked_nothing(machine_with, tmp_path, stubs):
    done = machine_with(
        "run", **(ALL | {"dpkg_query": without(MISSING), "apt_get": APT} | stubs))
    assert done.returncode == 0, done.stdout
    update, install = (tmp_path / "log").read_text().splitlines()
    assert update.startswith("noninteractive ") and update.endswith(" update")
    assert install.startswith("noninteractive ")
    assert install.endswith(f" install --yes --no-install-recommends {MISSING}")


def test_a_failed_installation_says_how_to_see_why(machine_with):
    done = machine_with("run", **(ALL | {
        "dpkg_query": without(MISSING), "id": "echo 0", "apt_get": "exit 100"}))
    assert done.returncode == 1
    assert "type this to see why" in done.stdout


def test_an_unknown_set_is_refused(machine_with):
    assert machine_with("--list", "nonsense", **ALL).returncode == 2
