# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""Every server and gateway that the files of Deploy start, and what is wrong with how they do it."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import yaml

IMAGE = "browserfleet"
# What a server may take after its grace (Docs/Operations.md).
AFTERWARDS = 5.0
COMPOSE = ("compose.yaml", "compose/compose.yaml")
UNITS = ("browserfleet.service", "browserfleet@.service")


@dataclass
class Started:
    """One process: its settings, the routes its supervisor asks, and how long a stop may take."""

    place: str
    settings: dict[str, str] = field(default_factory=dict)
    probes: dict[str, str] = field(default_factory=dict)
    grace: float = 0.0
    # Seconds of the grace that pass before the process is told.
    before: float = 0.0


def documents(path: Path) -> list[dict]:
    """The documents of a YAML file."""
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def kubernetes(deploy: Path) -> dict[str, list[dict]]:
    """The objects of each file for a cluster."""
    files = [deploy / "pod.yaml", *sorted((deploy / "kubernetes").glob("*.yaml"))]
    return {str(each.relative_to(deploy)): [
        found for found in documents(each) if found["kind"] != "Kustomization"] for each in files}


def everything(deploy: Path) -> list[Started]:
    """All that is started by any of the files."""
    image = from_image((deploy / "Dockerfile").read_text())
    found = []
    for name in COMPOSE:
        found += from_compose(name, documents(deploy / name)[0], image)
    objects = kubernetes(deploy)
    maps = {each["metadata"]["name"]: each["data"] for group in objects.values() for each in group
            if each["kind"] == "ConfigMap"}
    for name, group in objects.items():
        for each in group:
            found += from_object(name, each, maps, image)
    return found + [from_unit(name, (deploy / name).read_text()) for name in UNITS]


def from_image(dockerfile: str) -> Started:
    """What the image itself sets."""
    # Only the last stage runs.
    last = dockerfile[dockerfile.rindex("\nFROM "):].replace("\\\n", " ")
    words = [word for line in re.findall(r"^ENV (.*)", last, re.M) for word in shlex.split(line)]
    check = re.findall(r"^HEALTHCHECK .*? CMD (.*)", last, re.M)
    return Started("Dockerfile", dict(word.split("=", 1) for word in words),
                   {"health check": _route(line) for line in check})


def from_compose(name: str, compose: dict, image: Started) -> list[Started]:
    """The services that run our image."""
    return [
        Started(
            f"{name}: {service}", image.settings | _texts(each.get("environment", {})),
            {"health check": _route(str(each["healthcheck"]["test"]))} if "healthcheck" in each
            else dict(image.probes), _seconds(str(each.get("stop_grace_period", "10s"))))
        for service, each in compose["services"].items() if each["image"] == IMAGE]


def from_object(
        name: str, kubernetes_object: dict, maps: dict[str, dict], image: Started
) -> list[Started]:
    """The containers of an object that run our image."""
    spec = kubernetes_object.get("spec", {})
    pod = spec if kubernetes_object["kind"] == "Pod" else spec.get("template", {}).get("spec", {})
    found = []
    for each in pod.get("containers", []):
        if each["image"].split(":")[0] != IMAGE:
            continue
        settings = dict(image.settings)
        for source in each.get("envFrom", []):
            settings |= maps[source["configMapRef"]["name"]]
        settings |= {one["name"]: one.get("value", "") for one in each.get("env", [])}
        stop = each.get("lifecycle", {}).get("preStop", {})
        assert not stop or list(stop) == ["sleep"], "only the time of a sleep is known"
        found.append(Started(
            f"{name}: {each['name']}", _texts(settings),
            {kind: each[kind]["httpGet"]["path"]
             for kind in ("startupProbe", "readinessProbe", "livenessProbe") if kind in each},
            float(pod.get("terminationGracePeriodSeconds", 30)),
            float(stop.get("sleep", {}).get("seconds", 0))))
    return found


def from_unit(name: str, text: str) -> Started:
    """What a systemd unit starts."""
    words = [word for line in re.findall(r"^Environment=(.*)", text, re.M)
             for word in shlex.split(line)]
    stop = re.search(r"^TimeoutStopSec=(.*)", text, re.M)
    return Started(name, dict(word.split("=", 1) for word in words),
                   grace=_seconds(stop.group(1)) if stop else 90.0)


# --- What can be wrong ------------------------------------------------------------------------


def unknown_settings(started: Started, known: set[str]) -> list[str]:
    """The variables that are no settings; one that only fills others in, `$(NAME)`, may be."""
    used = set(re.findall(r"\$\((\w+)\)", " ".join(started.settings.values())))
    return [f"{started.place}: {name} is no setting" for name in started.settings
            if name not in known | used]


def unknown_routes(started: Started, routes: set[str]) -> list[str]:
    """The probes that ask for what the server does not have, or not for everybody."""
    return [f"{started.place}: the {kind} asks {path}" for kind, path in started.probes.items()
            if path not in routes]


def short_graces(started: Started, default: str) -> list[str]:
    """The process, if it would be killed while it drains."""
    drain = _seconds(started.settings.get("DRAIN_TIMEOUT") or default)
    needed = started.before + drain + AFTERWARDS
    return [] if started.grace > needed else [
        f"{started.place}: killed after {started.grace:g} s, may need {needed:g}"]


def _texts(settings: dict) -> dict[str, str]:
    return {name: str(value) for name, value in settings.items()}


def _route(command: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:3000(/\S*)", command)
    assert found, f"no route in: {command}"
    return found.group(1)


def _seconds(text: str) -> float:
    number, unit = re.fullmatch(r"(\d+)\s*(ms|s|m|min|)", text.strip()).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "min": 60, "": 1}[unit]
