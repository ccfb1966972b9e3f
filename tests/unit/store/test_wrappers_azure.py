"""The Azure wrapper, the real library against a stand-in for the vault.

No vault and no emulator of one can run here, so the stand-in speaks the part of the protocol that
is used: TLS, the sign-in challenge, a key by address, wrapkey and unwrapkey with a real RSA key.
"""

from __future__ import annotations

import base64
import importlib
import json
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from msgspec.structs import replace

from store.errors import KeyAbsentError, KeyUnavailableError, WrongKeyError
from store.root import Root
from store.wrappers.azure import AzureKeyVault
from store.wrappers.model import Entry, open_entry, seal
from tests.certificates import certify

HOME = "4f1c9a2077de0b31"
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
Connect = Callable[[str], Any]


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Vault(ThreadingHTTPServer):
    """One RSA key with one version, behind a sign-in challenge."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.private = rsa.generate_private_key(65537, 2048)
        self.refuse = 0  # an HTTP status to answer with from now on
        self.asked: list[str] = []
        self.certificate = folder / "vault.pem"
        certify(self.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def key(self) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}/keys/team/0123456789abcdef"

    def jwk(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kid": self.key,
            "kty": "RSA",
            "key_ops": ["wrapKey", "unwrapKey"],
            "n": _b64(numbers.n.to_bytes(256, "big")),
            "e": _b64(numbers.e.to_bytes(3, "big")),
        }

    def operate(self, name: str, value: bytes) -> bytes:
        if name == "wrapkey":
            return self.private.public_key().encrypt(value, OAEP)
        return self.private.decrypt(value, OAEP)


class _Answer(BaseHTTPRequestHandler):
    server: Vault

    def do_GET(self) -> None:
        self._answer(lambda: {"key": self.server.jwk(), "attributes": {"enabled": True}})

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        name = self.path.partition("?")[0].rpartition("/")[2]

        def result() -> dict[str, Any]:
            assert said["alg"] == "RSA-OAEP-256"
            value = self.server.operate(name, _unb64(said["value"]))
            return {"kid": self.server.key, "value": _b64(value)}

        self._answer(result)

    def _answer(self, result: Callable[[], dict[str, Any]]) -> None:
        self.server.asked.append(f"{self.command} {self.path.partition('?')[0]}")
        if self.headers.get("Authorization") != "Bearer a-token":
            issuer = "https://login.example/tenant"
            self._send(
                401, {}, f'Bearer authorization="{issuer}", resource="https://vault.example"'
            )
        elif self.server.refuse:
            self._send(self.server.refuse, {"error": {"code": "Forbidden", "message": "no"}})
        else:
            try:
                self._send(200, result())
            except ValueError:
                self._send(400, {"error": {"code": "BadParameter", "message": "no"}})

    def _send(self, status: int, body: dict[str, Any], challenge: str = "") -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


class Signed:
    """A sign-in that always gives the token which the vault takes."""

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        token = importlib.import_module("azure.core.credentials").AccessToken
        return token("a-token", 4_102_444_800)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with Vault(tmp_path) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def connect(vault: Vault) -> Connect:
    crypto = importlib.import_module("azure.keyvault.keys.crypto")

    def client(address: str) -> Any:
        options = {"connection_verify": str(vault.certificate), "retry_total": 0}
        return crypto.CryptographyClient(
            address, Signed(), verify_challenge_resource=False, **options
        )

    return client


def _opened(entry: Entry, root: Root, connect: Connect) -> Root:
    return open_entry(entry, HOME, root.id, AzureKeyVault(connect))


def test_a_vault_key_gives_the_root_back_to_a_later_process(vault: Vault, connect: Connect) -> None:
    root = Root.new()
    entry = seal(root, HOME, AzureKeyVault(connect), {"key": vault.key})
    assert entry.params["key"] == vault.key
    vault.asked.clear()
    assert _opened(entry, root, connect) == root
    assert vault.asked[-1].endswith("/keys/team/0123456789abcdef/unwrapkey")


def test_neither_the_root_nor_its_key_is_sent_to_the_vault(vault: Vault, connect: Connect) -> None:
    root = Root.new()
    entry = seal(root, HOME, AzureKeyVault(connect), {"key": vault.key})
    unwrapped = vault.operate("unwrapkey", base64.b64decode(str(entry.params["wrapped"])))
    assert unwrapped not in (root.secret, b"")
    assert root.secret not in entry.sealed


def test_a_changed_entry_is_one_known_error(vault: Vault, connect: Connect) -> None:
    root = Root.new()
    one, two = (seal(root, HOME, AzureKeyVault(connect), {"key": vault.key}) for _ in range(2))
    with pytest.raises(WrongKeyError):
        _opened(replace(one, sealed=two.sealed), root, connect)
    with pytest.raises(WrongKeyError):
        _opened(replace(one, params=two.params), root, connect)
    wrapped = bytearray(base64.b64decode(str(one.params["wrapped"])))
    wrapped[7] ^= 1
    changed = {**one.params, "wrapped": base64.b64encode(wrapped).decode()}
    with pytest.raises(WrongKeyError):
        _opened(replace(one, params=changed), root, connect)
    with pytest.raises(KeyUnavailableError, match="damaged"):
        _opened(replace(one, params={**one.params, "wrapped": "é"}), root, connect)


def test_a_vault_that_refuses_or_is_gone_says_so(vault: Vault, connect: Connect) -> None:
    root = Root.new()
    entry = seal(root, HOME, AzureKeyVault(connect), {"key": vault.key})
    vault.refuse = 403
    with pytest.raises(KeyUnavailableError, match="status 403"):
        _opened(entry, root, connect)
    vault.shutdown()
    vault.server_close()
    with pytest.raises(KeyAbsentError, match="does not answer"):
        _opened(entry, root, connect)


@pytest.mark.parametrize("address", ["http://127.0.0.1/keys/a/b", "https://127.0.0.1/", "", "file"])
def test_an_address_that_is_no_vault_keys_is_refused(connect: Connect, address: str) -> None:
    with pytest.raises(KeyUnavailableError, match="address"):
        seal(Root.new(), HOME, AzureKeyVault(connect), {"key": address})


def test_the_library_is_asked_for_by_name_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "azure.keyvault.keys.crypto", None)
    like = {"key": "https://vault.example/keys/team/1"}
    with pytest.raises(KeyAbsentError, match="azure extra"):
        seal(Root.new(), HOME, AzureKeyVault(), like)
