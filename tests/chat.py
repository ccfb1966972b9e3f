"""A chat server on this machine whose answers a test chooses: real HTTP, and as hostile as need be."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_LINE = re.compile(r"^([sf]\d+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """What the server was asked."""

    system: str
    data: str
    body: Mapping[str, Any]

    @property
    def lines(self) -> dict[str, str]:
        """The lines between the fences, by id."""
        return dict(_LINE.findall(self.data))

    @property
    def is_for_facts(self) -> bool:
        """Whether this is the first pass."""
        return '{"facts"' in self.system


Act = Callable[[BaseHTTPRequestHandler, Question], None]
Say = Callable[[Question], object]


@contextmanager
def chatting(act: Act, certificate: Path | None = None) -> Iterator[str]:
    """The address of a server that does `act` with each question; over TLS with a certificate (PEM)."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            system, user = (each["content"] for each in body["messages"])
            try:
                act(self, Question(system, user, body))
            except OSError:
                self.close_connection = True  # who asked has had enough

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
            """Nothing: a test asks for what it wants to know."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def raw(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    """Send an answer of these bytes."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def saying(say: Say) -> Act:
    """Answers in the form that is asked for: what `say` returns, as JSON unless it is text."""

    def act(handler: BaseHTTPRequestHandler, question: Question) -> None:
        content = say(question)
        text = content if isinstance(content, str) else json.dumps(content)
        raw(handler, json.dumps({"choices": [{"message": {"content": text}}]}).encode())

    return act


def passes(word: Callable[[str, str], str], *, at: str) -> Say:
    """Words each line by `word` (id, text) in the pass `at`, and gives it back as it is in the other."""

    def say(question: Question) -> object:
        inner, outer = ("fact", "facts") if question.is_for_facts else ("text", "sentences")
        turn = word if at == outer else lambda _, text: text
        return {
            outer: [{inner: turn(key, text), "from": [key]} for key, text in question.lines.items()]
        }

    return say
