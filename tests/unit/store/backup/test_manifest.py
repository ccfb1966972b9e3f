from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from store.backup.manifest import Manifest, Part, Team, encode, parse, prove, team_of, unlock
from store.errors import BackupError
from store.keys import KeyRing, Lasting
from store.root import Root
from store.store import Store


@pytest.fixture
def manifest(ring: KeyRing) -> Manifest:
    return Manifest(
        set="ab" * 16,
        home=ring.lasting.home,
        revision="0006",
        made_at=1,
        expires_at=None,
        rows={"cases": 1},
        blobs=2,
        blob_bytes=3,
        damaged=(),
        parts=(Part("rows.age", 4, "cd" * 32),),
        team=Team("kind", b"public", b"wrapped"),
    )


def test_a_manifest_comes_back_as_it_was_signed(manifest: Manifest, ring: KeyRing) -> None:
    note = encode(manifest, ring)
    assert parse(note) == manifest
    assert prove(note, ring) == manifest
    assert b"\n\n" in note


@given(st.from_type(Manifest))
@settings(max_examples=20)
def test_any_manifest_comes_back_in_one_form(manifest: Manifest) -> None:
    ring = KeyRing(Root(bytes(32)), Lasting.of_old(Root(bytes(32))))
    signed = structs.replace(manifest, home=ring.lasting.home)
    note = encode(signed, ring)
    assert prove(note, ring) == signed
    assert encode(prove(note, ring), ring) == note


def test_any_changed_bit_of_a_manifest_is_found(manifest: Manifest, ring: KeyRing) -> None:
    note = encode(manifest, ring)
    for bit in range(8 * len(note)):
        changed = bytearray(note)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BackupError):
            prove(bytes(changed), ring)


def test_a_manifest_of_another_home_is_refused(manifest: Manifest, ring: KeyRing) -> None:
    stranger = KeyRing(Root.new(), Lasting.new("00" * 8))
    with pytest.raises(BackupError, match="does not hold"):
        prove(encode(manifest, stranger), ring)
    twin = KeyRing(ring.root, Lasting("11" * 8, ring.lasting.tagging, ring.lasting.auditing))
    with pytest.raises(BackupError):
        prove(encode(manifest, twin), twin)


@pytest.mark.parametrize("note", [b"", b"{}", b"\xff\n\n", b'{"format":"recorder backup 2"}\n\n'])
def test_what_is_no_manifest_is_refused(note: bytes) -> None:
    with pytest.raises(BackupError, match="damaged"):
        parse(note)


def test_only_the_root_of_its_home_unlocks_a_set(store: Store, ring: KeyRing) -> None:
    with store.database.read() as connection:
        team = team_of(connection)
    manifest = Manifest(
        set="",
        home="",
        revision="",
        made_at=0,
        expires_at=0,
        rows={},
        blobs=0,
        blob_bytes=0,
        damaged=(),
        parts=(),
        team=team,
    )
    assert unlock(manifest, [Root.new(), ring.root]).lasting == ring.lasting
    with pytest.raises(BackupError, match="not that of this set"):
        unlock(manifest, [Root.new(), Root.new()])
