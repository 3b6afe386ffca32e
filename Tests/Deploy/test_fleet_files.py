# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Whether the files that start a fleet have the right form, name what exists, and fit together.

The schemas of compose and of Kubernetes come with PyPI's check-jsonschema and kubernetes-validate.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import kubernetes_validate
import pytest

from conftest import REPOSITORY
from harness.server import Server
from started import (COMPOSE, documents, everything, kubernetes, short_graces, unknown_routes,
                     unknown_settings)

# The first one with what the pods need, and the newest that the package knows.
KUBERNETES = ("1.33", kubernetes_validate.latest_version())
SECRET = "0123456789abcdef" * 4


def fleetctl(program, folder, settings: dict, *words: str) -> subprocess.CompletedProcess:
    """Runs a command with settings, the secrets of which are files that exist."""
    secret = folder / "secret"
    secret.write_text(SECRET)
    mine = {name: str(secret) if name.endswith("KEY_FILE") else value.replace("$(POD_NAME)", "pod")
            for name, value in settings.items()}
    return subprocess.run(
        [program, *words], timeout=30, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"], "HOME": str(folder)} | mine
        | {"DATA_DIR": str(folder)})


@pytest.fixture(scope="module")
def started(deploy):
    """Every process that a file starts."""
    found = everything(deploy)
    assert len(found) >= 9
    return found


@pytest.fixture(scope="module")
def table(program, tmp_path_factory) -> str:
    """The table of all settings, as `serve` prints it."""
    return fleetctl(program, tmp_path_factory.mktemp("none"), {}, "serve", "--help").stdout


@pytest.fixture(scope="module")
def known(table) -> set[str]:
    """The variables of all settings; a secret has one that names a file, too."""
    variables = {flag.upper().replace("-", "_") for flag in re.findall(r"^  --(\S+)", table, re.M)}
    assert len(variables) > 50
    return variables | {each.removesuffix("_FILE") for each in variables}


@pytest.fixture(scope="module")
def drain(table) -> str:
    """How long a server drains unless it is told."""
    return re.search(r"--drain-timeout .*?\(default: (\S+)\)", table, re.S).group(1)


@pytest.fixture(scope="module")
def routes():
    """What everybody may ask of a real server, with the `Host` that a node of a cluster sends."""
    server = Server(WARM_BROWSERS="0")
    try:
        fleet = server.start().fleet.with_key(None)
        paths = fleet.get("/openapi.json").json()["paths"]
        yield {path for path, methods in paths.items() if "get" in methods and "{" not in path
               and fleet.get(path, headers={"Host": "10.1.2.3:3000"}).status_code in (200, 204)}
    finally:
        server.stop()
        server.remove()


# --- Settings, routes, times ------------------------------------------------------------------


def test_every_variable_is_a_setting(started, known):
    assert [fault for each in started for fault in unknown_settings(each, known)] == []


def test_every_process_would_start_with_its_settings(started, program, tmp_path):
    for each in started:
        done = fleetctl(program, tmp_path, each.settings, "config", "check")
        assert done.returncode == 0, f"{each.place}: {done.stdout}"
        assert "warning" not in done.stdout, f"{each.place}: {done.stdout}"


def test_every_probe_asks_what_everybody_may_ask(started, routes):
    assert {"/health", "/health/live", "/health/ready"} <= routes
    assert "/metrics" not in routes
    assert [fault for each in started for fault in unknown_routes(each, routes)] == []
    assert sum(len(each.probes) for each in started) >= 12


def test_whoever_stops_a_process_waits_longer_than_it_drains(started, drain):
    assert [fault for each in started for fault in short_graces(each, drain)] == []


def test_a_planted_fault_is_found(started, known, routes):
    for each in started:
        wrong = replace(each, settings=each.settings | {"GATEWAY_URLS": "http://gateway:3000"})
        assert len(unknown_settings(wrong, known)) == 1
        assert len(unknown_routes(replace(each, probes={"readinessProbe": "/healthz"}),
                                  routes)) == 1
        assert len(short_graces(replace(each, grace=each.before + 64), "60s")) == 1
        assert len(short_graces(replace(each, before=each.before + 30), "60s")) == 1


# --- Compose ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_files_have_the_form_of_the_specification(deploy, name, tmp_path):
    def validate(path) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
             path], timeout=60, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    done = validate(deploy / name)
    assert done.returncode == 0, done.stdout
    planted = tmp_path / "compose.yaml"
    planted.write_text((deploy / name).read_text().replace("stop_grace_period", "stop_grace"))
    assert validate(planted).returncode != 0


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_files_name_what_exists(deploy, name):
    compose, folder = documents(deploy / name)[0], (deploy / name).parent
    used = {kind: set() for kind in ("secrets", "networks")}
    for service, each in compose["services"].items():
        mounts = [line.split(":")[0] for line in each.get("volumes", [])]
        assert [path for path in mounts if path[0] == "." and not (folder / path).exists()] == []
        assert {path for path in mounts if path[0] != "."} <= set(compose["volumes"])
        for kind, found in used.items():
            found |= set(each.get(kind, []))
        if each["image"] == "browserfleet":
            context = folder / each["build"]["context"]
            assert (context / each["build"]["dockerfile"]).is_file()
        profiles = [word.split("=", 1)[1] for word in each.get("security_opt", [])
                    if word.startswith("seccomp=")]
        assert [path for path in profiles if not (folder / path).is_file()] == []
        assert set(each.get("depends_on", {})) <= set(compose["services"]), service
    assert used["secrets"] == set(compose["secrets"])
    assert used["networks"] == set(compose.get("networks", {}))


def test_no_secret_is_copied_into_what_is_read_only(deploy):
    # Compose copies the ones that are no files, and the engine refuses that.
    for name in COMPOSE:
        compose = documents(deploy / name)[0]
        assert any(each.get("read_only") for each in compose["services"].values())
        assert [secret for secret, how in compose["secrets"].items() if "file" not in how] == []


def test_servers_have_the_same_rights_everywhere(deploy):
    rights = ("cap_drop", "security_opt", "read_only", "tmpfs", "init", "mem_limit", "pids_limit")
    alone = documents(deploy / "compose.yaml")[0]["services"]["browserfleet"]
    fleet = documents(deploy / "compose/compose.yaml")[0]["services"]
    servers = [each for each in fleet.values()
               if each.get("environment", {}).get("ROLE") == "node"]
    assert len(servers) == 3
    for server in servers:
        text = json.dumps({each: server[each] for each in rights}).replace("../", "")
        assert json.loads(text) == {each: alone[each] for each in rights}
    pod = kubernetes(deploy)["pod.yaml"][0]["spec"]
    stateful = next(each for each in kubernetes(deploy)["kubernetes/servers.yaml"]
                    if each["kind"] == "StatefulSet")["spec"]["template"]["spec"]
    for each in ("hostUsers", "shareProcessNamespace", "securityContext"):
        assert stateful[each] == pod[each]
    (one,), (other,) = pod["containers"], stateful["containers"]
    assert other["securityContext"] == one["securityContext"]


def test_the_fleets_parts_call_each_other_by_names_that_exist(deploy):
    services = documents(deploy / "compose/compose.yaml")[0]["services"]
    ours = {name: each["environment"] for name, each in services.items()
            if each["image"] == "browserfleet"}
    for name, environment in ours.items():
        assert environment["DOMAIN"] == name
        for setting in ("GATEWAYS", "STORE"):
            assert set(hosts(environment.get(setting, ""))) <= set(services)
    scraped = documents(deploy / "compose/prometheus.yml")[0]["scrape_configs"][0]
    (targets,) = scraped["static_configs"]
    assert targets["targets"] == [f"{name}:3000" for name in ours]
    # The rules and the dashboard look for it.
    assert scraped["job_name"] == "browserfleet"


def test_prometheus_takes_its_configuration(deploy, tmp_path):
    assert shutil.which("promtool"), "promtool is missing: apt-get install prometheus"
    shutil.copy(deploy / "prometheus/alerts.yml", tmp_path)
    (tmp_path / "api-key").write_text(SECRET)
    text = (deploy / "compose/prometheus.yml").read_text()
    assert "/run/secrets/api-key" in text
    (tmp_path / "prometheus.yml").write_text(
        text.replace("/run/secrets/api-key", str(tmp_path / "api-key")))
    done = subprocess.run(["promtool", "check", "config", tmp_path / "prometheus.yml"], timeout=30,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0 and "1 rule files found" in done.stdout, done.stdout


# --- Kubernetes -------------------------------------------------------------------------------


@pytest.mark.parametrize("version", KUBERNETES)
def test_objects_have_the_form_that_kubernetes_publishes(deploy, version):
    objects = [each for group in kubernetes(deploy).values() for each in group]
    assert {"Pod", "StatefulSet", "Deployment", "Service", "ConfigMap", "NetworkPolicy",
            "PodDisruptionBudget"} == {each["kind"] for each in objects}
    for each in objects:
        kubernetes_validate.validate(each, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(objects[0] | {"speck": {}}, version, strict=True)


def test_objects_fit_together(deploy):
    folder = deploy / "kubernetes"
    (kustomization,) = documents(folder / "kustomization.yaml")
    assert sorted([*kustomization["resources"], "kustomization.yaml"]) == sorted(
        path.name for path in folder.iterdir())
    objects = [each for name, group in kubernetes(deploy).items() if name != "pod.yaml"
               for each in group]
    names = {(each["kind"], each["metadata"]["name"]) for each in objects}
    assert len(names) == len(objects)
    pods = [each["spec"]["template"] for each in objects if "template" in each.get("spec", {})]
    labels = [each["metadata"]["labels"] for each in pods]
    for each in objects:
        spec = each.get("spec", {})
        selector = spec.get("selector") or spec.get("podSelector")
        if selector:
            wanted = selector.get("matchLabels", selector).items()
            assert sum(wanted <= found.items() for found in labels) == 1, each["metadata"]
        if each["kind"] == "StatefulSet":
            assert ("Service", spec["serviceName"]) in names
    for container in (one for each in pods for one in each["spec"]["containers"]):
        for source in container.get("envFrom", []):
            assert ("ConfigMap", source["configMapRef"]["name"]) in names
    # A variable of a Service, such as REDIS_PORT, could be taken for a setting.
    assert all(each["spec"]["enableServiceLinks"] is False for each in pods)


def test_gateways_ask_every_server_by_its_stable_name(deploy):
    objects = [each for group in kubernetes(deploy).values() for each in group]
    stateful = next(each for each in objects if each["metadata"]["name"] == "server")
    settings = next(each["data"] for each in objects
                    if each["metadata"]["name"] == "browserfleet-gateway")
    service = stateful["spec"]["serviceName"]
    names = [f"server-{number}.{service}" for number in range(stateful["spec"]["replicas"])]
    assert hosts(settings["SERVERS"]) == names
    (container,) = stateful["spec"]["template"]["spec"]["containers"]
    assert {"name": "DOMAIN", "value": f"$(POD_NAME).{service}"} in container["env"]


# --- systemd ----------------------------------------------------------------------------------


def test_the_template_is_shut_in_as_the_unit_is(deploy):
    own = ("Description", "StateDirectory", "Environment", "EnvironmentFile", "LoadCredential")

    def directives(name: str) -> list[str]:
        lines = (deploy / name).read_text().splitlines()
        return [line for line in lines if "=" in line and line[0] != "#"
                and line.split("=")[0] not in own]

    assert directives("browserfleet@.service") == directives("browserfleet.service")
    assert "%i" in (deploy / "browserfleet@.service").read_text()


def hosts(urls: str) -> list[str]:
    """The hosts of a list of URLs."""
    return re.findall(r"://([\w.-]+)", urls)
