"""An identity provider on this machine whose every answer a test chooses: as hostile as need be."""

from __future__ import annotations

import hmac
import json
import ssl
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "recorder-at-the-council"
SHARED = "not-a-secret~really"
BACK = "http://127.0.0.1/sign-in/provider/back"
HOME = "http://127.0.0.1/sign-in"
SUBJECT = "5f0c4a6e-amara"

Act = Callable[[BaseHTTPRequestHandler], None]


@cache
def key(name: str) -> RSAKey:
    """A key to sign with; the same for the same name."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


def bare(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that nobody signed."""
    parts = (urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (header, claims))
    return b".".join([*parts, b""]).decode()


class Idp(ThreadingHTTPServer):
    """Discovery, keys, and codes for tokens. Tests change what stands in it."""

    daemon_threads = True

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server_port}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/go",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        self.keys: list[dict[str, Any]] = [key("one").as_dict(private=False)]
        self.signs = key("one")
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.claims: dict[str, Any] = {}  # beside the usual ones, or in their place; None: left out
        self.nonce = ""
        self.challenge = ""
        self.asked: list[str] = []  # paths, in order
        self.sent: dict[str, str] = {}  # to the token endpoint
        self.act: dict[str, Act] = {}  # by path, instead of the usual
        self.token: Callable[[dict[str, Any]], str] = self.signed

    def visit(self, address: str) -> dict[str, str]:
        """What somebody does who goes to `address` and proves who they are: with what they come back."""
        query = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        self.nonce, self.challenge = query["nonce"], query["code_challenge"]
        assert query["code_challenge_method"] == "S256"
        return {"code": "a-code", "state": query["state"]}

    def said(self) -> dict[str, Any]:
        """The claims of the next token."""
        now = int(time.time())
        usual = {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
        }
        return {name: value for name, value in (usual | self.claims).items() if value is not None}

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token as it should be."""
        return jwt.encode(self.header, claims, self.signs)

    def by_shared_secret(self, secret: bytes) -> Callable[[dict[str, Any]], str]:
        """Signs by what both sides know: the public key as text, or the client's secret."""

        def sign(claims: dict[str, Any]) -> str:
            said = bare({"alg": "HS256", "kid": "one"}, claims).removesuffix(".")
            mac = hmac.digest(secret, said.encode(), "sha256")
            return f"{said}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"

        return sign

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The usual answer of the token endpoint."""
        self.sent = form
        verifier = sha256(form["code_verifier"].encode()).digest()
        if urlsafe_b64encode(verifier).rstrip(b"=").decode() != self.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "t",
            "token_type": "Bearer",
            "id_token": self.token(self.said()),
        }


class _Handler(BaseHTTPRequestHandler):
    server: Idp

    def do_GET(self) -> None:
        if not self._acted():
            keys = {"keys": self.server.keys}
            answer(self, 200, keys if self.path == "/keys" else self.server.metadata)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if not self._acted():
            form = {name: value for name, (value,) in parse_qs(body).items()}
            answer(self, *self.server.exchange(form))

    def _acted(self) -> bool:
        self.server.asked.append(self.path)
        act = self.server.act.get(self.path)
        if act is None:
            return False
        try:
            act(self)
        except OSError:
            self.close_connection = True  # who asked has had enough
        return True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
        """Nothing: a test asks for what it wants to know."""


def answer(handler: BaseHTTPRequestHandler, status: int, said: object) -> None:
    """JSON, or these bytes."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def provider_here(certificate: Path | None = None) -> Iterator[Idp]:
    """One that answers until the block ends; over TLS with a certificate (PEM)."""
    server = Idp(certificate)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
