from __future__ import annotations

from pathlib import Path

import pytest

from store.age import HybridIdentity, KeyIdentity, X25519Identity
from store.errors import KeyUnavailableError, TamperedError
from store.keys import ROOT_FILE, KeyRing, laptop_identities

KINDS: tuple[type[KeyIdentity], ...] = (HybridIdentity, X25519Identity)


@pytest.mark.parametrize("kind", KINDS)
def test_a_root_key_opens_what_it_wrapped(tmp_path: Path, kind: type[KeyIdentity]) -> None:
    identity = kind.new()
    wrapped = KeyRing.create(tmp_path).wrap("a", identity)
    assert KeyRing.open(tmp_path).unwrap("a", identity.kind, wrapped).identity == identity


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrapped_identity_does_not_open_under_another_id_kind_or_root(
    tmp_path: Path, kind: type[KeyIdentity]
) -> None:
    ring = KeyRing.create(tmp_path / "one")
    wrapped = ring.wrap("a", kind.new())
    (other,) = (each.kind for each in KINDS if each is not kind)
    with pytest.raises(TamperedError):
        ring.unwrap("b", kind.kind, wrapped)
    with pytest.raises(TamperedError):
        ring.unwrap("a", other, wrapped)
    with pytest.raises(TamperedError):
        KeyRing.create(tmp_path / "two").unwrap("a", kind.kind, wrapped)


def test_a_wrapped_identity_cut_short_is_refused(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path)
    wrapped = ring.wrap("a", HybridIdentity.new())
    for size in range(len(wrapped)):
        with pytest.raises(TamperedError):
            ring.unwrap("a", HybridIdentity.kind, wrapped[:size])


def test_laptop_identities_are_lasting_and_stand_apart_from_all_others(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path)
    team = HybridIdentity.new()
    keys = ring.unwrap("team", team.kind, ring.wrap("team", team))
    hybrid, x25519 = laptop_identities(keys)
    assert (hybrid, x25519) == laptop_identities(keys)
    assert len({team.secret, keys.row_key, hybrid.secret, x25519.secret}) == 4


def test_a_root_key_is_never_overwritten(tmp_path: Path) -> None:
    KeyRing.create(tmp_path)
    before = (tmp_path / ROOT_FILE).read_bytes()
    with pytest.raises(KeyUnavailableError):
        KeyRing.create(tmp_path)
    assert (tmp_path / ROOT_FILE).read_bytes() == before


def test_a_root_key_is_for_its_owner_only(tmp_path: Path) -> None:
    KeyRing.create(tmp_path)
    assert (tmp_path / ROOT_FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / ROOT_FILE).chmod(0o640)
    with pytest.raises(KeyUnavailableError, match="0600"):
        KeyRing.open(tmp_path)


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "é"])
def test_a_damaged_root_key_is_refused(tmp_path: Path, text: str) -> None:
    KeyRing.create(tmp_path)
    (tmp_path / ROOT_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(KeyUnavailableError):
        KeyRing.open(tmp_path)


def test_a_missing_root_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailableError):
        KeyRing.open(tmp_path)


def test_tags_are_equal_for_equal_values_of_one_label_only(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path)
    assert ring.tag("case", "x") == ring.tag("case", "x")
    assert len({ring.tag("case", "x"), ring.tag("path", "x"), ring.tag("case", "y")}) == 3
