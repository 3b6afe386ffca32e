# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""What a tool would refuse in the files of Deploy, where the tool itself cannot run here."""

import json
import re
import subprocess

import pytest

from conftest import REPOSITORY


@pytest.fixture(scope="module")
def dockerfile(deploy) -> str:
    return (deploy / "Dockerfile").read_text()


def test_every_file_that_the_image_copies_exists(dockerfile, deploy):
    allowed = {line[1:] for line in
               (deploy / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied = {word for line in re.findall(r"^COPY (?!--from)(.*)", dockerfile, re.M)
              for word in line.split()[:-1]}
    assert copied and copied == allowed
    assert [name for name in copied if not (REPOSITORY / name).exists()] == []


def test_the_image_installs_what_the_script_names(dockerfile):
    lines = re.findall(r"apt-get install .*", dockerfile)
    assert [re.search(r"\$\((\S+) --list (\w+)\)", line).group(2) for line in lines] == [
        "build", "serve"]
    for kind in ("build", "serve"):
        listed = subprocess.run([REPOSITORY / "Scripts/packages.sh", "--list", kind], timeout=10,
                                check=True, text=True, stdout=subprocess.PIPE).stdout.split()
        assert len(listed) > 3


def test_the_image_has_the_swift_that_the_manifest_asks_for(dockerfile):
    first = (REPOSITORY / "Package.swift").read_text().splitlines()[0]
    version = re.search(r"swift-tools-version: ([\d.]+)", first).group(1)
    assert re.findall(r"FROM swift:([\d.]+)", dockerfile) == [version]


def test_the_profile_has_a_form_that_every_runtime_takes(deploy):
    profile = json.loads((deploy / "seccomp.json").read_text())
    # crun, and so Podman, refuses an errno for an action that returns none.
    assert profile["defaultAction"] == "SCMP_ACT_ALLOW" and "defaultErrnoRet" not in profile
    names = [name for rule in profile["syscalls"] for name in rule["names"]]
    assert len(names) == len(set(names))


def test_apparmor_reads_the_profiles(deploy, tmp_path):
    text = (deploy / "apparmor-browserfleet").read_text()
    version = subprocess.run(["apparmor_parser", "--version"], timeout=10, check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    if int(re.search(r"version (\d+)", version).group(1)) < 4:
        # Debian 12's parser is older than the rule that the profiles are for: it reads the rest.
        text = re.sub(r"abi <abi/4.0>,|^\s*userns,", "", text, flags=re.M)
    profile = tmp_path / "browserfleet"
    profile.write_text(text)
    subprocess.run(["apparmor_parser", "--skip-kernel-load", "--skip-cache", profile],
                   timeout=30, check=True)
