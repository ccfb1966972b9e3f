from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import age
from store.errors import TamperedError
from store.sealed import Place
from store.sealedbox import open_box, seal_box

IDENTITY = age.HybridIdentity.new()
PLACE = Place("arrivals", "a1", 1, (("blob", "b1"), ("receipt", None), ("received_at", 1)))


@given(st.binary(max_size=2000))
def test_a_payload_comes_back_from_its_place(payload: bytes) -> None:
    assert open_box(IDENTITY, PLACE, seal_box(IDENTITY.recipient, PLACE, payload)) == payload


@pytest.mark.parametrize(
    "other",
    [
        PLACE._replace(table="recordings"),
        PLACE._replace(row_id="a2"),
        PLACE._replace(version=2),
        PLACE._replace(clear=(("blob", "b2"), *PLACE.clear[1:])),
        PLACE._replace(clear=(PLACE.clear[0], ("receipt", "None"), PLACE.clear[2])),
        PLACE._replace(clear=PLACE.clear[:2]),
        PLACE._replace(clear=()),
    ],
)
def test_a_box_opens_in_no_other_place(other: Place) -> None:
    sealed = seal_box(IDENTITY.recipient, PLACE, b"what it says")
    with pytest.raises(TamperedError) as found:
        open_box(IDENTITY, other, sealed)
    assert found.value.object_id == other.row_id


def test_a_box_opens_for_nobody_else() -> None:
    sealed = seal_box(IDENTITY.recipient, PLACE, b"what it says")
    with pytest.raises(TamperedError):
        open_box(age.HybridIdentity.new(), PLACE, sealed)


def test_a_changed_box_does_not_open(request: pytest.FixtureRequest) -> None:
    sealed, rng = seal_box(IDENTITY.recipient, PLACE, b"what it says"), random.Random(7)
    for _ in range(request.config.getoption("--attacks")):
        changed = bytearray(sealed)
        changed[rng.randrange(len(sealed))] ^= rng.randrange(1, 256)
        with pytest.raises(TamperedError):
            open_box(IDENTITY, PLACE, bytes(changed))


@pytest.mark.parametrize("value", [b"", b"row1", b"x" * 5000, "text", 7, None])
def test_what_is_no_box_is_refused_in_one_way(value: Any) -> None:
    with pytest.raises(TamperedError):
        open_box(IDENTITY, PLACE, value)


def test_another_age_file_for_the_same_key_is_no_box() -> None:
    for content in (b"", b"{}", b"[1,2]", b'["arrivals"]', b"RIFF" * 100):
        sealed = b"".join(age.seal_file([IDENTITY.recipient], [content]))
        with pytest.raises(TamperedError):
            open_box(IDENTITY, PLACE, sealed)


@given(st.binary(max_size=300))
@settings(max_examples=20)
def test_a_box_has_one_form(payload: bytes) -> None:
    sealed = seal_box(IDENTITY.recipient, PLACE, payload)
    text = b"".join(age.open_file(lambda at, n: sealed[at : at + n], len(sealed), [IDENTITY]))
    for odd in (text[:-1], text + b" ", b" " + text[:-1], text.replace(b",", b", ", 1)[:-1]):
        if odd == text:
            continue
        other = b"".join(age.seal_file([IDENTITY.recipient], [odd]))
        with pytest.raises(TamperedError):
            open_box(IDENTITY, PLACE, other)


def test_payloads_of_like_length_have_one_size() -> None:
    sizes = {len(seal_box(IDENTITY.recipient, PLACE, b"n" * size)) for size in range(20, 60)}
    assert len(sizes) == 1
