from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.age import HybridIdentity, KeyIdentity, X25519Identity, identity_from
from store.errors import KeyUnavailableError, TamperedError
from store.keys import KeyRing, Lasting, laptop_identities
from store.root import Root, Secret, old_home_id
from store.tables import TEAM

KINDS: tuple[type[KeyIdentity], ...] = (HybridIdentity, X25519Identity)
HOME = "4f1c9a2077de0b31"


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing(Root.new(), Lasting.new(HOME))


@pytest.mark.parametrize("scope", ["a", TEAM])
@pytest.mark.parametrize("kind", KINDS)
def test_a_root_key_opens_what_it_wrapped(
    ring: KeyRing, kind: type[KeyIdentity], scope: str
) -> None:
    identity = kind.new()
    wrapped = ring.wrap(scope, identity)
    assert KeyRing(ring.root, ring.lasting).unwrap(scope, kind.kind, wrapped).identity == identity


@pytest.mark.parametrize("scope", ["a", TEAM])
@pytest.mark.parametrize("kind", KINDS)
def test_a_wrapped_identity_does_not_open_under_another_id_kind_or_root(
    ring: KeyRing, kind: type[KeyIdentity], scope: str
) -> None:
    wrapped = ring.wrap(scope, kind.new())
    (other,) = (each.kind for each in KINDS if each is not kind)
    with pytest.raises(TamperedError):
        ring.unwrap("b", kind.kind, wrapped)
    with pytest.raises(TamperedError):
        ring.unwrap(TEAM if scope == "a" else "a", kind.kind, wrapped)
    with pytest.raises(TamperedError):
        ring.unwrap(scope, other, wrapped)
    with pytest.raises(TamperedError):
        KeyRing(Root.new(), ring.lasting).unwrap(scope, kind.kind, wrapped)


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from([*KINDS]),
    st.text(max_size=8) | st.just(TEAM),
    st.integers(0),
    st.integers(1, 255),
)
@settings(max_examples=50)
def test_any_identity_survives_its_wrapping_and_no_changed_byte_does(
    secret: bytes, kind: type[KeyIdentity], scope: str, at: int, flip: int
) -> None:
    ring = KeyRing(Root(bytes(32)), Lasting.of_old(Root(bytes(32))))
    identity = identity_from(kind.kind, secret)
    wrapped = bytearray(ring.wrap(scope, identity))
    assert ring.unwrap(scope, kind.kind, bytes(wrapped)).identity == identity
    wrapped[at % len(wrapped)] ^= flip
    with pytest.raises(TamperedError):
        ring.unwrap(scope, kind.kind, bytes(wrapped))


@pytest.mark.parametrize("scope", ["a", TEAM])
def test_a_wrapped_identity_cut_short_or_changed_is_refused(ring: KeyRing, scope: str) -> None:
    wrapped = ring.wrap(scope, HybridIdentity.new())
    for size in range(len(wrapped)):
        with pytest.raises(TamperedError):
            ring.unwrap(scope, HybridIdentity.kind, wrapped[:size])
        changed = bytearray(wrapped)
        changed[size] ^= 1
        with pytest.raises(TamperedError):
            ring.unwrap(scope, HybridIdentity.kind, bytes(changed))


def test_what_lasts_is_wrapped_with_the_teams_identity_and_outlives_the_root(
    ring: KeyRing,
) -> None:
    team = HybridIdentity.new()
    found = KeyRing.of_team(ring.root, team.kind, ring.wrap(TEAM, team))
    assert found.lasting == ring.lasting
    new = KeyRing(Root.new(), found.lasting)
    after = KeyRing.of_team(new.root, team.kind, new.wrap(TEAM, team))
    assert after.tag("case", "x") == ring.tag("case", "x")
    assert after.audit_mac(b"x") == ring.audit_mac(b"x")
    with pytest.raises(TamperedError):
        KeyRing.of_team(new.root, team.kind, ring.wrap(TEAM, team))


def test_an_old_home_keeps_the_fingerprints_that_its_root_gave() -> None:
    root = Root(bytes(range(32)))
    found = KeyRing(root, Lasting.of_old(root))
    # HMAC-SHA-256 under HKDF-Expand(root, "recorder/tag/v1"), computed apart from this code.
    assert found.tag("case", "x") == (
        "03e126713e424f94868b152845f2536f448e6245ef5bec6ff84ecdfbc255d586"
    )
    assert found.lasting.home == old_home_id(root)


def test_laptop_identities_are_lasting_and_stand_apart_from_all_others(ring: KeyRing) -> None:
    team = HybridIdentity.new()
    keys = ring.unwrap(TEAM, team.kind, ring.wrap(TEAM, team))
    hybrid, x25519 = laptop_identities(keys)
    assert (hybrid, x25519) == laptop_identities(keys)
    assert len({team.secret, keys.row_key, hybrid.secret, x25519.secret}) == 4


def test_tags_are_equal_for_equal_values_of_one_label_only(ring: KeyRing) -> None:
    assert ring.tag("case", "x") == ring.tag("case", "x")
    assert len({ring.tag("case", "x"), ring.tag("path", "x"), ring.tag("case", "y")}) == 3


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_root_key_has_one_length(size: int) -> None:
    with pytest.raises(KeyUnavailableError, match="length"):
        Root(bytes(size))


def test_nothing_secret_shows_in_a_repr(ring: KeyRing) -> None:
    keys = ring.unwrap("a", HybridIdentity.kind, ring.wrap("a", HybridIdentity.new()))
    secrets = (ring.root.secret, ring.lasting.tagging, ring.lasting.auditing, keys.row_key)
    for thing in (ring, ring.root, ring.lasting, keys, Secret(ring.root.secret)):
        for secret in (*secrets, keys.identity.secret):
            assert secret.hex() not in repr(thing)
            assert repr(secret)[2:-1] not in repr(thing)
