# Copyright (c) 2026 the BrowserFleet authors
# SPDX-License-Identifier: Apache-2.0

"""A small web site on 127.0.0.1, which counts who came."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html><head><title>{title}</title></head>
<body><h1>{title}</h1><button id="b" onclick="this.textContent='pressed'">press</button>
<input id="f" type="file"></body></html>"""

ALERT = """<!doctype html><html><head><title>alert</title></head>
<body><script>setTimeout(() => alert('stop'), 0)</script></body></html>"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802, the name is http.server's
        site = self.server.site
        site.visits.append(self.path)
        path = self.path.split("?")[0]
        if path == "/file":
            self._answer(b"x" * 4096, "application/octet-stream",
                         {"Content-Disposition": 'attachment; filename="four-kib.bin"'})
        elif path == "/alert":
            self._answer(ALERT.encode(), "text/html")
        elif path == "/favicon.ico":
            self.send_error(404)
        else:
            self._answer(PAGE.format(title=site.title).encode(), "text/html")

    def do_POST(self):  # noqa: N802
        self.server.site.visits.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(b"thanks", "text/plain")

    def _answer(self, body, kind, headers=None):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Says nothing: visits are kept in the site."""


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Says nothing: a browser that is killed leaves its connections half way."""


class Site:
    """A running site; `visits` are the paths asked for, in order."""

    def __init__(self, title: str, port: int = 0):
        self.title = title
        self.visits: list[str] = []
        self._server = _QuietServer(("127.0.0.1", port), _Handler)
        self._server.site = self
        self.port = self._server.server_address[1]
        self.authority = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.authority}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Closes the site's port."""
        self._server.shutdown()
        self._server.server_close()
