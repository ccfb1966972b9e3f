"""What a provider may say, and what is believed of it. The provider here lies as each test wants."""

from __future__ import annotations

import json
import socket
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from recorder.signin.origins import origin_of
from recorder.signin.provider import Agreed, Going, Provider
from recorder.signin.refusals import RefusedError, SilentError
from recorder.signin.tokens import Identity
from recorder.signin.wire import AT_ONCE, MOST, Wire
from tests.certificates import certify
from tests.identity import (
    BACK,
    CLIENT,
    HOME,
    SHARED,
    SUBJECT,
    Idp,
    answer,
    bare,
    key,
    provider_here,
)

GOING = Going("state-of-ours", "nonce-of-ours", "v" * 64)
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def idp() -> Iterator[Idp]:
    with provider_here() as found:
        yield found


def made(idp: Idp, **changed: Any) -> Provider:
    agreed = Agreed("the council", idp.issuer, CLIENT, BACK, HOME, SHARED)
    for name, value in changed.items():
        agreed = Agreed(**{f: getattr(agreed, f) for f in Agreed.__slots__} | {name: value})
    return Provider(agreed)


def came(idp: Idp, ours: Provider | None = None, **query: str) -> Identity:
    """Somebody goes there, and comes back."""
    ours = ours or made(idp)
    return ours.arrived(GOING, idp.visit(ours.way(GOING)) | query)


def refused(idp: Idp, ours: Provider | None = None, **query: str) -> str:
    with pytest.raises(RefusedError) as caught:
        came(idp, ours, **query)
    return caught.value.reason


def test_somebody_who_proved_who_they_are_there_is_known_by_their_subject(idp: Idp) -> None:
    assert came(idp) == Identity(SUBJECT)
    assert idp.sent == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": BACK,
        "code_verifier": GOING.verifier,
        "client_id": CLIENT,
        "client_secret": SHARED,
    }


def test_the_way_there_names_what_was_agreed_and_nothing_of_anybody(idp: Idp) -> None:
    way = made(idp, acr=("phr", "c1")).way(GOING)
    assert way.startswith(
        f"{idp.issuer}/go?response_type=code&client_id={CLIENT}&redirect_uri=http%3A"
    )
    assert "scope=openid&" in way
    assert "acr_values=phr+c1" in way
    assert GOING.verifier not in way
    assert "scope=openid+email&" in made(idp).way(GOING, email=True)
    assert "scope=openid+profile&" in made(idp, subject="oid").way(GOING)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "claims"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": [CLIENT, "another-client"], "azp": CLIENT}, "aud"),
        ({"aud": [CLIENT, "another-client"]}, "claims"),
        ({"aud": None}, "claims"),
        ({"azp": "another-client"}, "azp"),
        ({"iss": "https://login.example"}, "iss"),
        ({"iss": None}, "claims"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "claims"),
        ({"exp": "never"}, "claims"),
        ({"iat": 1}, "old"),
        ({"iat": 99_999_999_999}, "iat"),
        ({"nbf": 99_999_999_999}, "nbf"),
        ({"sub": ""}, "subject"),
        ({"sub": 7}, "claims"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": "a\u0000b"}, "subject"),
        ({"at_hash": "AAAA"}, "at_hash"),
        ({"at_hash": [1]}, "at_hash"),
        ({"amr": "mfa"}, "claims"),
    ],
)
def test_a_token_that_says_another_thing_is_refused(
    idp: Idp, claims: dict[str, Any], reason: str
) -> None:
    idp.claims = claims
    assert refused(idp) == reason


def test_a_token_that_nobody_signed_is_refused(idp: Idp) -> None:
    for alg in ("none", "None", "NONE", ""):
        idp.token = partial(bare, {"alg": alg, "kid": "one"})
        assert refused(idp) == "signature"


def test_what_both_sides_know_signs_nothing(idp: Idp) -> None:
    idp.metadata["id_token_signing_alg_values_supported"] = ["RS256", "HS256", "none"]
    for shared in (key("one").as_pem(private=False), SHARED.encode() * 2):
        idp.token = idp.by_shared_secret(shared)
        assert refused(idp) == "signature"


def test_a_provider_that_signs_by_nothing_else_is_none(idp: Idp) -> None:
    idp.metadata["id_token_signing_alg_values_supported"] = ["HS256", "none"]
    assert refused(idp) == "algorithms"


def test_a_shared_key_among_the_published_ones_is_no_key(idp: Idp) -> None:
    idp.keys = [{"kty": "oct", "k": "c2hhcmVk", "kid": "one"}]
    assert refused(idp) == "key"


def test_keys_that_are_weak_private_or_for_something_else_are_no_keys(idp: Idp) -> None:
    usual = key("one").as_dict(private=False)
    small = usual | {"n": urlsafe_b64encode(b"\xc1" * 128).rstrip(b"=").decode()}
    private = key("one").as_dict(private=True)
    other: list[dict[str, Any]] = [
        small,
        usual | {"use": "enc"},
        private,
        {"kty": "RSA"},
        {"kty": ["RSA"]},
    ]
    for each in other:
        idp.keys = [each]
        assert refused(idp) == "key"


def test_a_token_of_another_kind_is_refused(idp: Idp) -> None:
    idp.header |= {"typ": "at+jwt"}
    assert refused(idp) == "type"


def test_a_header_that_must_be_understood_and_is_not_is_refused(idp: Idp) -> None:
    idp.token = lambda claims: bare({"alg": "RS256", "kid": "one", "crit": ["x"], "x": 1}, claims)
    assert refused(idp) == "signature"


def test_another_key_under_the_same_name_is_refused(idp: Idp) -> None:
    idp.signs = key("two")
    assert refused(idp) == "signature"


def test_a_key_that_came_since_is_asked_for_and_an_unknown_one_not_again_and_again(
    idp: Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("recorder.signin.provider.monotonic", lambda: clock[0])
    ours = made(idp)
    assert came(idp, ours) == Identity(SUBJECT)
    assert idp.asked == [DISCOVERY, "/token", "/keys"]
    idp.signs, idp.header = key("two"), {"alg": "RS256", "kid": "two"}
    assert refused(idp, ours) == "key"  # it was asked a moment ago
    clock[0] += 31
    assert refused(idp, ours) == "key"
    assert idp.asked.count("/keys") == 2
    idp.keys.append(key("two").as_dict(private=False))
    clock[0] += 31
    assert came(idp, ours) == Identity(SUBJECT)
    assert idp.asked.count("/keys") == 3
    idp.keys = [key("one").as_dict(private=False)]  # the second is withdrawn
    clock[0] += 901
    assert refused(idp, ours) == "key"


def test_an_elliptic_key_signs_as_well(idp: Idp) -> None:
    made_here = ECKey.generate_key("P-256", {"kid": "e"})
    idp.keys = [made_here.as_dict(private=False)]
    idp.metadata["id_token_signing_alg_values_supported"] = ["ES256"]
    idp.signs, idp.header = made_here, {"alg": "ES256", "kid": "e"}  # type: ignore[assignment] # of another kind
    assert came(idp) == Identity(SUBJECT)
    idp.signs, idp.header = key("one"), {"alg": "RS256", "kid": "one"}
    idp.keys.append(key("one").as_dict(private=False))
    assert refused(idp) == "signature"  # it does not sign so, it says


def test_the_answer_of_another_provider_is_not_taken_to_this_one(idp: Idp) -> None:
    assert refused(idp, iss="https://evil.example") == "iss"
    assert idp.asked == [DISCOVERY]  # the code went nowhere
    assert came(idp, iss=idp.issuer) == Identity(SUBJECT)
    idp.metadata["authorization_response_iss_parameter_supported"] = True
    assert refused(idp) == "iss"


def test_a_provider_whose_name_is_another_is_refused(idp: Idp) -> None:
    idp.metadata["issuer"] = "https://login.example/common"
    assert refused(idp) == "issuer"


@pytest.mark.parametrize(
    "name", ["token_endpoint", "jwks_uri", "authorization_endpoint", "end_session_endpoint"]
)
@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "https://127.0.0.1:1/x",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://evil.example/x",
        "javascript:alert(1)",
    ],
)
def test_a_provider_leads_nowhere_but_to_its_own_host(idp: Idp, name: str, url: str) -> None:
    idp.metadata[name] = url
    assert refused(idp) == "host"


def test_another_host_is_asked_only_where_it_was_set(idp: Idp) -> None:
    with provider_here() as other:
        other.keys = idp.keys
        idp.metadata["jwks_uri"] = f"{other.issuer}/keys"
        assert refused(idp) == "host"
        assert came(idp, made(idp, origins=(other.issuer,))) == Identity(SUBJECT)


def test_a_provider_without_pkce_is_refused(idp: Idp) -> None:
    idp.metadata["code_challenge_methods_supported"] = ["plain"]
    assert refused(idp) == "pkce"


def test_a_code_of_another_sign_in_is_refused_there(idp: Idp) -> None:
    ours = made(idp)
    said = idp.visit(ours.way(Going("s", "n", "w" * 64)))
    with pytest.raises(RefusedError, match="code"):
        ours.arrived(GOING, said)


def test_somebody_who_was_sent_back_without_a_code_is_not_in(idp: Idp) -> None:
    assert refused(idp, error="access_denied", error_description="<b>words</b>") == "sent_back"
    assert refused(idp, code="") == "code"
    assert refused(idp, code="x" * 5000) == "code"


@pytest.mark.parametrize("strong", [{"acr": "phr"}, {"acrs": ["c1", "c2"]}])
def test_how_they_proved_themselves_can_be_asked_for(idp: Idp, strong: dict[str, Any]) -> None:
    ours = made(idp, acr=("phr", "c1"))
    assert refused(idp, ours) == "acr"
    idp.claims = strong
    assert came(idp, ours) == Identity(SUBJECT)


def test_every_way_of_proving_that_is_asked_for_must_be_there(idp: Idp) -> None:
    ours = made(idp, amr=("pwd", "mfa"))
    for amr in (None, [], ["pwd"], ["mfa", 7]):
        idp.claims = {"amr": amr}
        assert refused(idp, ours) == "amr"
    idp.claims = {"amr": ["mfa", "pwd", "rsa"]}
    assert came(idp, ours) == Identity(SUBJECT)


def test_what_entra_says_beside_what_is_asked_is_no_hindrance(idp: Idp) -> None:
    """In the form of its published keys and tokens, which are made out as five minutes old."""
    beside = {"x5t": "one", "x5c": ["MIIC"], "cloud_instance_name": "x", "issuer": idp.issuer}
    published = key("one").as_dict(private=False)
    del published["alg"]
    other = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "x", "kid": "z"}
    idp.keys = [other, published | beside]
    idp.metadata |= {
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "tenant_region_scope": "EU",
    }
    then = int(time.time()) - 300
    idp.header |= {"typ": "JWT", "x5t": "one"}
    idp.claims = {
        "iat": then,
        "nbf": then,
        "aio": "x",
        "oid": "0000-1111",
        "tid": "t",
        "ver": "2.0",
    }
    assert came(idp, made(idp, subject="oid"), session_state="x") == Identity("0000-1111")


def test_entras_object_id_can_stand_for_the_subject(idp: Idp) -> None:
    ours = made(idp, subject="oid")
    assert refused(idp, ours) == "subject"
    idp.claims = {"oid": "0000-1111"}
    assert came(idp, ours) == Identity("0000-1111")


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_an_address_that_is_not_verified_is_not_told(idp: Idp, verified: object) -> None:
    idp.claims = {"email": "amara@council.example", "email_verified": verified}
    assert came(idp).email is None
    idp.claims |= {"email_verified": True}
    assert came(idp).email == "amara@council.example"


def _redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/")
    handler.end_headers()


def _packed(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()


def _gone(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
@pytest.mark.parametrize(
    "act",
    [
        lambda h: answer(h, 500, {}),
        lambda h: answer(h, 200, b"<html>"),
        lambda h: answer(h, 200, b"[1]"),
        lambda h: answer(h, 200, b"[" * 100_000),
        lambda h: answer(h, 200, b"\xff"),
        lambda h: answer(h, 200, b" " * (MOST + 1)),
        _redirect,
        _packed,
        _gone,
    ],
)
def test_no_nonsense_from_a_provider_is_more_than_no_answer(
    idp: Idp, path: str, act: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    idp.act[path] = act
    with pytest.raises((SilentError, RefusedError)):
        came(idp)
    assert "169.254" not in json.dumps(idp.asked)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_a_provider_that_hangs_or_drips_is_given_up(idp: Idp, said: bytes) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(said)
        while not over.wait(0.02):
            handler.wfile.write(b"a" if said else b"")

    idp.act[DISCOVERY] = drip
    wire = Wire([origin_of(idp.issuer)], seconds=0.3)
    with pytest.raises(SilentError):
        Provider(made(idp).agreed, wire).look()
    over.set()


def test_a_provider_that_hangs_holds_few_of_us(idp: Idp) -> None:
    over, here = threading.Event(), threading.Semaphore(0)

    def hang(_handler: BaseHTTPRequestHandler) -> None:
        here.release()
        over.wait(60)

    idp.act[DISCOVERY] = hang
    ours = made(idp)
    ended: list[str] = []

    def look() -> None:
        try:
            ours.look()
        except SilentError as error:
            ended.append(error.reason)

    threads = [threading.Thread(target=look) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    assert all(here.acquire(timeout=60) for _ in threads)
    with pytest.raises(SilentError, match="busy"):
        ours.look()
    over.set()
    for each in threads:
        each.join()
    assert len(ended) == AT_ONCE


def test_a_provider_is_asked_over_tls_only_where_the_system_trusts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(tmp_path / "it.pem")
    with provider_here(tmp_path / "it.pem") as idp:
        with pytest.raises(SilentError):
            made(idp).look()
        assert idp.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "it.pem"))
        assert came(idp) == Identity(SUBJECT)


def test_nobody_there_is_no_answer() -> None:
    ours = Provider(Agreed("x", "http://127.0.0.1:9", CLIENT, BACK, HOME))
    with pytest.raises(SilentError):
        ours.way(GOING)
    assert ours.leaving() == ""


def test_where_to_sign_out_there_is_known_once_it_was_asked(idp: Idp) -> None:
    ours = made(idp)
    assert ours.leaving() == ""
    assert ours.look() == 1
    assert ours.leaving().startswith(
        f"{idp.issuer}/end?client_id={CLIENT}&post_logout_redirect_uri="
    )
    assert SHARED not in repr(ours.agreed)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://login.example/tenant/v2.0", "https://login.example:443"),
        ("https://login.example:8443", "https://login.example:8443"),
        ("http://localhost:3000/x", "http://localhost:3000"),
        ("http://[::1]:3000/x", "http://::1:3000"),
        ("http://login.example", ""),
        ("http://127.0.0.1.evil.example", ""),
        ("https://login.example@evil.example", ""),
        ("https://evil.example\\@login.example", ""),
        ("https://login.example#x", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://login.example:x", ""),
        ("https://lógin.example", ""),
        ("ftp://login.example", ""),
        ("", ""),
    ],
)
def test_only_https_is_an_address_but_on_this_machine(url: str, origin: str) -> None:
    assert origin_of(url) == origin
