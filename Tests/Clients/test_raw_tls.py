# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""TLS as curl, openssl and a WebSocket client see it, and a certificate that is replaced."""

import json
import ssl
import subprocess

import pytest
from websockets.sync.client import connect

from harness.server import KEY
from harness.waiting import eventually


def make_certificate(folder, serial: int) -> None:
    """A certificate of its own issuer for localhost, put in place as certbot does: file by file."""
    made = {"cert.pem": "-out", "key.pem": "-keyout"}
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-set_serial", str(serial),
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         *(word for name, flag in made.items() for word in (flag, folder / f"{name}.new"))],
        check=True, capture_output=True, timeout=20)
    for name in made:
        (folder / f"{name}.new").rename(folder / name)


def curl(url: str, *options: str, certificate) -> str:
    run = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", "--max-time", "10",
         "--cacert", certificate, *options, url],
        capture_output=True, text=True, timeout=20, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def serial(port: int, *options: str) -> str:
    """The serial number of the certificate that openssl is shown."""
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options],
        input=b"", capture_output=True, timeout=20, check=False)
    read = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=shown.stdout,
                          capture_output=True, timeout=20, check=False)
    return read.stdout.decode().strip().removeprefix("serial=")


@pytest.fixture
def secure(start_server, tmp_path):
    """A server behind TLS, its port and its certificate."""
    make_certificate(tmp_path, 17)
    server = start_server(TLS_CERT=tmp_path / "cert.pem", TLS_KEY=tmp_path / "key.pem")
    port = int(server.fleet.url.rsplit(":", 1)[1])
    return port, tmp_path


def test_curl_and_a_socket_client_speak_tls(secure):
    port, folder = secure
    certificate = folder / "cert.pem"
    made = json.loads(curl(f"https://localhost:{port}/browsers", "--request", "POST",
                           "--header", f"X-API-Key: {KEY}", certificate=certificate))
    assert made["wss"].startswith(f"wss://localhost:{port}/browsers/")
    trust = ssl.create_default_context(cafile=certificate)
    with connect(made["wss"], ssl=trust, max_size=None, proxy=None) as socket:
        socket.send('{"id":1,"method":"Browser.getVersion"}')
        assert "product" in json.loads(socket.recv(10))["result"]
    assert serial(port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0") == ""
    assert serial(port, "-tls1_2") == serial(port, "-tls1_3") == "11"


def test_a_new_certificate_counts_and_no_connection_ends(secure):
    port, folder = secure
    old = (folder / "cert.pem").read_text()
    trust = ssl.create_default_context(cadata=old)
    made = json.loads(curl(f"https://localhost:{port}/browsers", "--request", "POST",
                           "--header", f"X-API-Key: {KEY}", certificate=folder / "cert.pem"))
    with connect(made["wss"], ssl=trust, max_size=None, proxy=None) as socket:
        (folder / "cert.pem").write_text("nonsense")
        eventually(lambda: serial(port) == "11", 5, "a broken file changes nothing")
        make_certificate(folder, 18)
        eventually(lambda: serial(port) == "12", 10, "the new certificate is shown")
        socket.send('{"id":1,"method":"Browser.getVersion"}')
        assert "product" in json.loads(socket.recv(10))["result"]
    assert "ok" in curl(f"https://localhost:{port}/health", certificate=folder / "cert.pem")
