# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""The deployment guide's client, run by Debian's node: each server under its own name, by TLS.

The names stand in a hosts file that only the client's mount namespace sees, and the certificates
are of an authority of the test's own. Needs root, for the namespace and for port 443.
"""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.server import KEY, Server

DOMAIN = "scrapingdog.com"
HOSTS = {f"browser.{DOMAIN}": "127.0.7.100", f"server1.{DOMAIN}": "127.0.7.1",
         f"server2.{DOMAIN}": "127.0.7.2", f"server3.{DOMAIN}": "127.0.7.3"}
INTERNAL = "internal-key-of-the-test-0123456789"
SCRIPT = Path(__file__).parent / "node" / "multi_server.mjs"


class FixedServer(Server):
    """A server on an address and port of the test's choice."""

    def start(self) -> "FixedServer":
        self.settings["PORT"] = "443"
        return super().start()


def openssl(*words: str) -> None:
    """Runs openssl."""
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with the authority's certificate and one for each name."""
    folder = tmp_path_factory.mktemp("authority")
    folder.chmod(0o755)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
            "-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.pem"))
    for name, address in HOSTS.items():
        extension = folder / f"{name}.ext"
        extension.write_text(f"subjectAltName=DNS:{name},IP:{address}\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.csr"))
        openssl("x509", "-req", "-days", "2", "-in", str(folder / f"{name}.csr"),
                "-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key"), "-CAcreateserial",
                "-extfile", str(extension), "-out", str(folder / f"{name}.pem"))
    return folder


@pytest.fixture(scope="module")
def servers(authority):
    """Three servers and a gateway, each on port 443 of its own address."""
    if os.geteuid() != 0:
        pytest.skip("needs root, for port 443 and a mount namespace")
    started = []
    for name, address in HOSTS.items():
        is_gateway = name.startswith("browser.")
        settings = {
            "DOMAIN": name, "HOST": address, "INTERNAL_API_KEY": INTERNAL,
            "TLS_CERT": authority / f"{name}.pem", "TLS_KEY": authority / f"{name}.key",
            "TLS_CA": authority / "ca.pem", "SERVER_URL": f"https://{address}",
        }
        if is_gateway:
            settings |= {"ROLE": "gateway", "MAX_BROWSERS": ""}
        else:
            settings |= {"ROLE": "node", "MAX_BROWSERS": 1,
                         "GATEWAYS": f"https://{HOSTS[f'browser.{DOMAIN}']}"}
        started.append(FixedServer(**settings))
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(FixedServer.start, started))
        yield started
    finally:
        for server in started:
            server.stop()
            server.remove()


def test_the_guides_client_finds_every_server(servers, authority, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text("".join(f"{address} {name}\n" for name, address in HOSTS.items()))
    names = [f"https://{name}" for name in HOSTS if name.startswith("server")]
    command = f'mount --bind "{hosts}" /etc/hosts && exec node "{SCRIPT}" {" ".join(names)}'
    run = subprocess.run(
        ["unshare", "--mount", "sh", "-c", command], capture_output=True, text=True, timeout=120,
        check=False, env={
            "PATH": os.environ["PATH"], "FLEET_API_KEY": KEY,
            "FLEET_URL": f"https://browser.{DOMAIN}",
            "NODE_EXTRA_CA_CERTS": str(authority / "ca.pem"),
        })
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("passed") == len(names) + 2
