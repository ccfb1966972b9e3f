"""One ciphertext, one key: others open nothing, and none opens as two different things.

The crafted ciphertexts here are real: each is shown to open under both keys where nothing commits to
one, before it is put to our formats.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from store import age
from store.age.header import _mac, _signed
from store.age.primitives import b64, hkdf
from store.errors import TamperedError
from store.identities import Identities
from store.keys import CaseKeys, KeyRing, Lasting
from store.keystore import KeyStore
from store.root import Root, Secret, derive
from store.sealed import Place, _about, _derived, _opened, _opened_old, open_row, seal_row
from store.wrappers.keyfile import KeyFile
from store.wrappers.model import Entry, Params, open_entry, seal_under
from store.wrappers.model import Place as Held
from store.wrappers.model import _about as _about_entry
from tests.attacks.oracle import Attack, Attacks
from tests.attacks.twokeys import BLOCK, GcmKey, chacha, chacha_block, gcm
from tests.attacks.world import World, one_recording

PLACE = Place("note_versions", "a" * 32, 1, (("note_id", "b" * 32), ("number", 1)))
NONCE = bytes(12)


# --- other keys -------------------------------------------------------------------------------

OTHERS = 10_000


def test_a_row_opens_under_no_other_key(attack: Attacks) -> None:
    key = secrets.token_bytes(32)
    sealed = seal_row(key, PLACE, b"words")
    assert open_row(key, PLACE, sealed) == b"words"
    with attack("8 a row under another key", OTHERS) as tried:
        _others(tried, 32, lambda other: open_row(other, PLACE, sealed))


def test_a_payload_opens_under_no_other_file_key(attack: Attacks) -> None:
    key = secrets.token_bytes(16)
    payload = b"".join(age.encrypt(key, [b"words"]))

    def opened(other: bytes) -> bytes:
        return b"".join(age.Reader(other, lambda at, n: payload[at : at + n], len(payload)))

    assert opened(key) == b"words"
    with attack("8 a payload under another file key", OTHERS) as tried:
        _others(tried, 16, opened)


@pytest.mark.parametrize("kind", [age.HybridIdentity, age.X25519Identity])
def test_a_header_opens_for_no_other_identity(
    attack: Attacks, kind: Callable[[bytes], age.KeyIdentity]
) -> None:
    mine = kind(secrets.token_bytes(32))
    file_key, header = age.seal_key([mine.recipient])
    assert age.open_key(header, [mine]) == file_key
    with attack("8 a header for another identity", OTHERS) as tried:
        _others(tried, 32, lambda other: age.open_key(header, [kind(other)]))


def test_an_identity_opens_under_no_other_root(attack: Attacks) -> None:
    lasting, identity = Lasting.new("0" * 16), age.new_identity()
    ring = KeyRing(Root.new(), lasting)
    wrapped = ring.wrap("case", identity)
    assert ring.unwrap("case", identity.kind, wrapped).identity == identity
    with attack("8 a case's identity under another root", OTHERS) as tried:
        _others(
            tried,
            32,
            lambda other: KeyRing(Root(other), lasting).unwrap("case", identity.kind, wrapped),
        )


def test_a_root_opens_under_no_other_wrapper_key(attack: Attacks) -> None:
    root, key, held = Root.new(), Secret(secrets.token_bytes(32)), Held("0" * 16, "1" * 16)
    entry = seal_under(key, root, held, _Given.kind, {})
    assert open_entry(entry, held.home, root.id, _Given(key)) == root
    with attack("8 a root key under another wrapper's key", OTHERS) as tried:
        _others(
            tried,
            32,
            lambda other: open_entry(entry, held.home, root.id, _Given(Secret(other))),
        )


def _others(tried: Attack, size: int, open_with: Callable[[bytes], object]) -> None:
    for _ in range(tried.planned):
        other = tried.chance.randbytes(size)
        tried.refuse(other.hex(), partial(open_with, other))


class _Given:
    """A wrapper that leads to a given key."""

    kind: ClassVar[str] = "given"

    def __init__(self, key: Secret) -> None:
        self._key = key

    def prepare(self, place: Held, like: Params) -> tuple[dict[str, str | int], Secret]:  # noqa: ARG002 - the Protocol's signature
        return {}, self._key

    def key(self, place: Held, params: Params) -> Secret:  # noqa: ARG002 - likewise
        return self._key

    def discard(self, place: Held, params: Params) -> None:
        """Nothing was left behind."""


# --- two keys -------------------------------------------------------------------------------


def test_a_row_that_is_two_things_opens_under_one_key_at_most(attack: Attacks) -> None:
    """Both keys' own payload keys, and a body that is valid under both of them."""
    with attack("8 a crafted row, two keys", 1_000) as tried:
        while tried.attempts < tried.planned:
            keys, salt = [tried.chance.randbytes(32) for _ in range(2)], tried.chance.randbytes(32)
            places = PLACE, tried.chance.choice((PLACE, PLACE._replace(version=2)))
            abouts = [_about(each) for each in places]
            derived = [_derived(k, salt, a) for k, a in zip(keys, abouts, strict=True)]
            both = [GcmKey(own, a) for (own, _), a in zip(derived, abouts, strict=True)]
            body = gcm(both, NONCE, tried.chance.randbytes(256), tried.chance.randrange(16))
            assert _both(body, *both)
            for committed in (0, 1):
                sealed = b"row2" + salt + derived[committed][1] + body
                _unpadded(keys[committed], places[committed], sealed)
                other = 1 - committed
                tried.refuse("row", partial(_unpadded, keys[other], places[other], sealed))


def test_without_a_commitment_one_row_is_two_things() -> None:
    """Why rows are committed to: the format of before, and a ciphertext that says two things."""
    keys = [secrets.token_bytes(32) for _ in range(2)]
    nonce, plaintext = _nonce_and_start(keys, 1 << 14)
    aad = f"recorder\0{PLACE.table}\0{PLACE.row_id}\0{PLACE.version}".encode()
    sealed = (
        b"row1"
        + nonce
        + gcm([GcmKey(k, aad) for k in keys], nonce, plaintext, len(plaintext) // BLOCK - 1)
    )
    found = [_opened_old(key, PLACE, sealed) for key in keys]
    assert found[0] != found[1]
    # Even there it is not taken for a row: one payload has one padding.
    for key in keys:
        with pytest.raises(TamperedError, match="impossible length"):
            open_row(key, PLACE, sealed)


@pytest.mark.parametrize("chunk", [64, age.CHUNK])
def test_a_payload_that_is_two_things_has_no_header_that_opens_it_as_both(
    attack: Attacks, chunk: int
) -> None:
    """A payload alone commits to no file key; the header's code and the row's pin do."""
    count = 500 if chunk == 64 else 20
    people = [age.X25519Identity.new() for _ in range(2)]
    with attack("8 a crafted age file, two file keys", count) as tried:
        for _ in range(tried.planned):
            file_keys = [tried.chance.randbytes(16) for _ in people]
            payload = _payload(file_keys, tried.chance, chunk)
            stanzas = tuple(
                identity.recipient.wrap(key)
                for identity, key in zip(people, file_keys, strict=True)
            )
            for signer in (0, 1):
                header = _header(stanzas, file_keys[signer])
                assert _opened_file(header + payload, people[signer])
                other = people[1 - signer]
                tried.refuse("file", partial(_opened_file, header + payload, other))


def test_a_stanza_that_is_two_things_is_in_no_header_that_opens_for_both(attack: Attacks) -> None:
    """One wrapped file key that two people open, each to another key."""
    people = [age.X25519Identity.new() for _ in range(2)]
    with attack("8 a crafted stanza, two identities", 500) as tried:
        while tried.attempts < tried.planned:
            ephemeral = X25519PrivateKey.generate()
            stanza = _stanza(ephemeral, people)
            if stanza is None:
                continue
            file_keys = [identity.unwrap(stanza) for identity in people]
            assert None not in file_keys
            assert file_keys[0] != file_keys[1]
            for signer in (0, 1):
                header = _header((stanza,), file_keys[signer] or b"")
                assert age.open_key(header, [people[signer]]) == file_keys[signer]
                other = people[1 - signer]
                tried.refuse("stanza", partial(age.open_key, header, [other]))


def test_a_wrapped_root_that_is_two_things_opens_as_neither(attack: Attacks) -> None:
    """What is wrapped says which root it is, and is authenticated with that."""
    held, named = Held("0" * 16, "1" * 16), Root.new()
    about = _about_entry(held, named.id, _Given.kind, {})
    with attack("8 a crafted root key, two wrappers' keys", 200) as tried:
        for _ in range(tried.planned):
            keys = [Secret(tried.chance.randbytes(32)) for _ in range(2)]
            both = [GcmKey(derive(key.value, b"recorder/wrapper/v1"), about) for key in keys]
            sealed = gcm(both, NONCE, named.secret, 1)
            assert _both(sealed, *both)
            entry = Entry(id=held.wrapper, kind=_Given.kind, params={}, sealed=NONCE + sealed)
            for key in keys:
                tried.refuse("root", partial(open_entry, entry, held.home, named.id, _Given(key)))


def test_an_identity_that_is_two_things_opens_under_one_root_at_most(
    tmp_path: Path, attack: Attacks
) -> None:
    """Its public key stands beside it, and only one secret has that."""
    with one_recording(tmp_path) as world:
        (case,), keys = world.cases, KeyStore(tmp_path / "keys")
        (root,) = keys.open({KeyFile.kind: KeyFile(keys.folder)}).roots
        rings = [KeyRing(each, Lasting.new("0" * 16)) for each in (root, Root.new())]
        about = f"{case.id}\0{age.HybridIdentity.kind}".encode()
        with attack("8 a crafted identity, two roots", 100) as tried:
            for _ in range(tried.planned):
                both = [GcmKey(ring._wrapping, about) for ring in rings]
                nonce = tried.chance.randbytes(12)
                wrapped = nonce + gcm(both, nonce, tried.chance.randbytes(32), 1)
                kind = age.HybridIdentity.kind
                found = [ring.unwrap(case.id, kind, wrapped).identity for ring in rings]
                assert found[0] != found[1]
                values = {"wrapped": wrapped, "recipient": found[0].recipient.public}
                with world.changed("identities", "id", case.id, **values):
                    assert _keys(world, rings[0], case.id).identity == found[0]
                    tried.refuse("identity", partial(_keys, world, rings[1], case.id))


# --- crafting -----------------------------------------------------------------------------------


def _both(sealed: bytes, one: GcmKey, two: GcmKey) -> bool:
    """Whether AES-GCM alone takes a ciphertext under both keys, as different things."""
    found = [AESGCM(each.key).decrypt(NONCE, sealed, each.aad) for each in (one, two)]
    return found[0] != found[1]


def _unpadded(key: bytes, place: Place, sealed: bytes) -> bytes:
    """What a row holds before its length is looked at: that a crafted one is odd is no defence."""
    try:
        return _opened(key, place, sealed)
    except InvalidTag as error:
        raise TamperedError("refused") from error


def _nonce_and_start(keys: Sequence[bytes], size: int) -> tuple[bytes, bytes]:
    """A nonce and a row's plaintext of `size` bytes, whose length is possible under both keys."""
    start = secrets.token_bytes(8)
    for batch in count():
        nonces = [start + (batch << 16 | i).to_bytes(4, "big") for i in range(1 << 16)]
        one, two = (_first_blocks(key, nonces) for key in keys)
        for i, nonce in enumerate(nonces):
            at = i * BLOCK
            differ = int.from_bytes(one[at : at + 4], "big") ^ int.from_bytes(
                two[at : at + 4], "big"
            )
            if differ < size - 4:  # a length of nothing under the second key is this one
                return nonce, differ.to_bytes(4, "big").ljust(size, b"w")
    raise AssertionError  # it counts on


def _first_blocks(key: bytes, nonces: Sequence[bytes]) -> bytes:
    cipher = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - single blocks, as GCM itself makes them
    return cipher.update(b"".join(nonce + b"\0\0\0\2" for nonce in nonces))


def _payload(file_keys: Sequence[bytes], chance: Random, size: int) -> bytes:
    """A payload of one chunk that opens under both file keys, as different things."""
    nonce = chance.randbytes(age.NONCE_SIZE)
    one, two = (hkdf(key, nonce, b"payload") for key in file_keys)
    last = bytes(11) + b"\1"
    chunk = chacha(one, two, last, chance.randbytes(size), chance.randrange(size // BLOCK - 1))
    assert len({ChaCha20Poly1305(key).decrypt(last, chunk, None) for key in (one, two)}) == 2
    return nonce + chunk


def _header(stanzas: tuple[age.Stanza, ...], file_key: bytes) -> bytes:
    """A header whose code is by this file key, whatever the stanzas hold."""
    return age.Header(stanzas, _mac(file_key, _signed(stanzas))).encoded()


def _opened_file(file: bytes, identity: age.Identity) -> bytes:
    return b"".join(age.open_file(lambda at, n: file[at : at + n], len(file), [identity]))


def _stanza(ephemeral: X25519PrivateKey, people: Sequence[age.X25519Identity]) -> age.Stanza | None:
    """A stanza that both take a file key from; None for the shares that have none."""
    share = ephemeral.public_key().public_bytes_raw()
    one, two = (
        hkdf(
            ephemeral.exchange(X25519PublicKey.from_public_bytes(each.recipient.public)),
            share + each.recipient.public,
            b"age-encryption.org/v1/X25519",
        )
        for each in people
    )
    body = chacha_block(one, two, NONCE)
    return None if body is None else age.Stanza(b"X25519", (b64(share),), body)


def _keys(world: World, ring: KeyRing, scope: str) -> CaseKeys:
    with world.store.database.read() as connection:
        return Identities(ring).keys(connection, scope)
