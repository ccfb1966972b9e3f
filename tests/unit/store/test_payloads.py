"""Every value that a sealed payload may hold as JSON, and text: one form written, one error read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.agreements import Said
from store.backup.manifest import Manifest
from store.backup.needs import Need
from store.backup.read import Aftermath
from store.captures import Capture
from store.cases import Around, CaseDetails
from store.errors import TamperedError
from store.holds import _Reasons
from store.keystore import Content
from store.original import RecordingDetails
from store.payloads import decode, decode_text
from store.people import _Details
from store.receiving import Letter, Memory

TEXTS = st.text(max_size=20)
st.register_type_strategy(Around, st.builds(Around, TEXTS, TEXTS))
KINDS: tuple[type[Any], ...] = (
    Said,
    Manifest,
    Need,
    Aftermath,
    Capture,
    CaseDetails,
    _Reasons,
    Content,
    RecordingDetails,
    _Details,
    Letter,
    Memory,
    list[str],  # which statements are shared
)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=20)
def test_a_value_survives_the_round_trip_in_one_form(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    payload = msgspec.json.encode(value)
    assert decode(payload, kind) == value
    assert msgspec.json.encode(decode(payload, kind)) == payload


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), at=st.integers(0), flip=st.integers(1, 255))
@settings(max_examples=20)
def test_one_flipped_byte_is_another_value_or_one_known_error(
    kind: type[Any], data: st.DataObject, at: int, flip: int
) -> None:
    changed = bytearray(msgspec.json.encode(data.draw(st.from_type(kind))))
    changed[at % len(changed)] ^= flip
    try:
        found = decode(bytes(changed), kind)
    except TamperedError:
        return
    assert decode(msgspec.json.encode(found), kind) == found


@pytest.mark.parametrize("kind", KINDS)
@given(payload=st.binary(max_size=40))
@settings(max_examples=20)
def test_any_bytes_are_a_value_or_one_known_error(kind: type[Any], payload: bytes) -> None:
    try:
        found = decode(payload, kind)
    except TamperedError:
        return
    assert decode(msgspec.json.encode(found), kind) == found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payload", [b"[" * 200_000, b'{"\xff":1}', b'["\xff"]', b'"\xff', b""])
def test_what_a_parser_trips_over_is_the_same_error(kind: type[Any], payload: bytes) -> None:
    with pytest.raises(TamperedError) as refused:
        decode(payload, kind, "an id")
    assert refused.value.object_id == "an id"
    assert refused.value.__cause__ is None  # the parser's own words may quote the payload


@given(TEXTS)
def test_a_text_survives_the_round_trip(text: str) -> None:
    assert decode_text(text.encode()) == text


@given(TEXTS.map(str.encode), st.integers(0), st.integers(1, 255))
def test_one_flipped_byte_of_a_text_is_another_text_or_one_known_error(
    payload: bytes, at: int, flip: int
) -> None:
    changed = bytearray(payload + b".")
    changed[at % len(changed)] ^= flip
    try:
        found = decode_text(bytes(changed))
    except TamperedError:
        return
    assert found.encode() == bytes(changed)


@given(TEXTS.map(str.encode), TEXTS.map(str.encode))
def test_a_text_with_what_is_no_text_in_it_is_refused(before: bytes, after: bytes) -> None:
    for odd in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        with pytest.raises(TamperedError) as refused:
            decode_text(before + odd + after, "an id")
        assert (refused.value.object_id, refused.value.__cause__) == ("an id", None)
