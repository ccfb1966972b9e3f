"""A relay before a server on this machine: it counts, and can fail in the server's place.

rclone answers a request for a part with the status of a whole, which no client of S3 takes: the
relay puts that right, and changes nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Relay(ThreadingHTTPServer):
    """Passes each request on as it is, unless it is to fail."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self.asked: list[str] = []  # "METHOD path", in order
        self.failing: dict[str, list[int]] = {}  # by method: statuses to answer at once instead

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client or server that went away meanwhile is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Relay

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")
        failing = self.server.failing.get(self.command)
        if failing:
            self._answer(failing.pop(0), [], b"")
            return
        onward = HTTPConnection(self.server.target, timeout=60)
        try:
            # The Host header stays the client's: it signed that.
            onward.request(self.command, self.path, body, dict(self.headers.items()))
            answer = onward.getresponse()
            content, headers = answer.read(), answer.getheaders()
        finally:
            onward.close()
        part = answer.status == 200 and answer.getheader("Content-Range")
        self._answer(206 if part else answer.status, headers, content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_CONNECT = _pass_on  # noqa: N815 - http.server's names

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        given = {name.lower() for name, _ in headers}
        for name, value in headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if "content-length" not in given:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def relayed(target: str) -> Iterator[Relay]:
    """A relay before `target`, an http address on this machine, for as long as the block lasts."""
    relay = Relay(target)
    thread = threading.Thread(target=relay.serve_forever, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.shutdown()
        relay.server_close()
        thread.join()
